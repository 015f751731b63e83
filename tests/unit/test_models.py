"""Models through use cases and store: who sees and changes them, and what becomes of their keys."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.memory.secrets import MemorySecrets
from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.system.ids import RandomIds
from lisa.declared.tables import MODELS
from lisa.domain.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from lisa.domain.identity import Principal
from lisa.domain.model import Model, ModelStatus, ModelType, Upstream
from lisa.ports.prober import Probe
from lisa.ports.table import Json, Put, Query, Row, Step
from lisa.stores.audit import AuditStore, Search
from lisa.stores.models import ModelStore
from lisa.usecases.audit import Audit
from lisa.usecases.models import Changes, Models, Wanted

ROOT = Principal(subject="root", admin=True)
ALICE = Principal(subject="alice", groups=frozenset({"research"}))
BOB = Principal(subject="bob")
HERE = {"url": "http://127.0.0.1:11434/v1", "target": "llama"}
KEY = "made-up-and-long-enough"


class UnsureTables(MemoryTables):
    """Writes, and then fails to say so, when told to."""

    unsure = False

    async def transact(self, steps: Sequence[Step]) -> None:
        await asyncio.sleep(0)  # let others in between, as a store elsewhere does
        await super().transact(steps)
        if self.unsure and any(step.table == MODELS for step in steps):
            raise Unavailable("away")


@dataclass
class NotingProber:
    """Answers for every upstream, and notes whose key it could find."""

    secrets: MemorySecrets
    keys: list[str] = field(default_factory=list)

    async def probe(self, name: str, kind: ModelType, upstream: Upstream) -> Probe:
        del name, kind
        self.keys.append(await self.secrets.resolve(upstream.key) if upstream.key else "")
        return Probe(upstream.id, 1)


@dataclass
class Shop:
    """The use cases of models over memory."""

    clock: ManualClock = field(default_factory=ManualClock)
    secrets: MemorySecrets = field(default_factory=MemorySecrets)

    def __post_init__(self) -> None:
        self.tables = UnsureTables(self.clock)
        self.store = ModelStore(self.tables)
        self.prober = NotingProber(self.secrets)
        self.audit = Audit(AuditStore(self.tables), self.clock, RandomIds())
        self.uses = Models(
            self.store, self.secrets, self.prober, self.clock, RandomIds(), self.audit
        )

    async def made(self, model_id: str = "m", **fields: object) -> Model:
        return await self.uses.create(ROOT, wanted(model_id, **fields))

    async def with_key(self, model_id: str = "m") -> Model:
        return await self.uses.create(ROOT, replace(wanted(model_id), api_keys={"main": KEY}))


def wanted(model_id: str = "m", **fields: object) -> Wanted:
    return Wanted(model_id, {"upstreams": [HERE], **fields})


def reference_of(model: Model) -> str:
    [upstream] = model.upstreams
    assert upstream.key
    return upstream.key


@pytest.fixture
def shop() -> Shop:
    return Shop()


async def test_a_model_comes_back_as_it_was_made(shop: Shop) -> None:
    made = await shop.made(groups=["b", "a"], prices={"prompt": 0.15, "source": "me"})
    assert await shop.uses.get(ROOT, "m") == made
    assert (made.version, made.created_by, made.created) == (1, "root", shop.clock.now())
    assert made.status is ModelStatus.IN_SERVICE


async def test_only_administrators_make_change_remove_and_try_models(shop: Shop) -> None:
    await shop.made()
    for deed in (
        shop.uses.create(ALICE, wanted("other")),
        shop.uses.update(ALICE, "m", Changes({"description": "mine"})),
        shop.uses.remove(ALICE, "m"),
        shop.uses.test(ALICE, wanted("other")),
        shop.uses.test_saved(ALICE, "m"),
    ):
        with pytest.raises(Forbidden):
            await deed
    assert [model.id for model in await shop.store.catalogue()] == ["m"]


async def test_a_model_is_there_for_its_groups_only(shop: Shop) -> None:
    await shop.made("everybodys")
    await shop.made("theirs", groups=["research"])
    for caller, seen in ((ROOT, 2), (ALICE, 2), (BOB, 1)):
        found, _ = await shop.uses.page(caller, limit=10, cursor="")
        assert len(found) == seen
    with pytest.raises(NotFound):
        await shop.uses.get(BOB, "theirs")


async def test_pages_hold_only_what_the_caller_may_see_and_together_all_of_it(shop: Shop) -> None:
    for number in range(20):
        await shop.made(f"m{number:02}", groups=["research"] if number % 3 else [])
    pages: list[list[str]] = []
    cursor = ""
    while True:
        found, cursor = await shop.uses.page(BOB, limit=3, cursor=cursor)
        pages.append([model.id for model in found])
        if not cursor:
            break
    assert [len(page) for page in pages[:2]] == [3, 3]
    seen = [model_id for page in pages for model_id in page]
    assert seen == [f"m{number:02}" for number in range(0, 20, 3)]


async def test_an_id_is_taken_once_also_by_two_at_the_same_time(shop: Shop) -> None:
    done = await asyncio.gather(*(shop.with_key() for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(each, Conflict) for each in done) == 4
    kept = await shop.store.by_id("m")
    assert kept
    assert await shop.secrets.resolve(reference_of(kept)) == KEY


@pytest.mark.parametrize(
    "model_id", ["metadata/instances", "a/context-window", "test", "a//b", "a/../b", "a/"]
)
async def test_an_id_that_is_a_path_of_the_api_is_refused(shop: Shop, model_id: str) -> None:
    with pytest.raises(Invalid):
        await shop.made(model_id)


async def test_an_id_may_have_slashes_and_colons(shop: Shop) -> None:
    await shop.made("meta-llama/Llama-3:8b")
    assert (await shop.uses.get(BOB, "meta-llama/Llama-3:8b")).id == "meta-llama/Llama-3:8b"


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/v1",
        "http://2852039166/v1",
        "http://[fd00:ec2::254]/v1",
        "http://[::ffff:169.254.170.2]/v1",
        "http://[64:ff9b::a9fe:a9fe]/v1",
    ],
)
async def test_no_upstream_is_where_machines_get_their_credentials(shop: Shop, url: str) -> None:
    with pytest.raises(Invalid, match="never calls"):
        await shop.made(upstreams=[{"url": url}])
    await shop.made()
    with pytest.raises(Invalid, match="never calls"):
        await shop.uses.update(ROOT, "m", Changes({"upstreams": [{"url": url}]}))


async def test_what_is_wrong_is_named(shop: Shop) -> None:
    for fields, named in (
        ({"upstreams": [HERE, HERE]}, "same id"),
        ({"type": "embedding", "streaming": True}, "stream"),
        ({"fallbacks": ["nowhere"]}, "nowhere"),
        ({"fallbacks": ["m"]}, "fallback"),
    ):
        with pytest.raises(Invalid, match=named):
            await shop.made(**fields)


async def test_a_change_leaves_the_rest_and_needs_the_version_it_is_based_on(shop: Shop) -> None:
    made = await shop.made(groups=["research"], context_window=8000)
    shop.clock.advance(1)
    changed = await shop.uses.update(ROOT, "m", Changes({"description": "new"}, version=1))
    assert changed == made.model_copy(
        update={"description": "new", "version": 2, "changed": shop.clock.now()}
    )
    with pytest.raises(Conflict) as refused:
        await shop.uses.update(ROOT, "m", Changes({"description": "newer"}, version=1))
    assert refused.value.precise_code == "version_differs"
    cleared = await shop.uses.update(ROOT, "m", Changes({"context_window": None}))
    assert (cleared.context_window, cleared.description) == (None, "new")


async def test_of_changes_at_the_same_time_none_is_lost(shop: Shop) -> None:
    await shop.made()
    texts = {"description": "d"}, {"groups": ["g"]}, {"max_tokens": 5}, {"cache_seconds": 6}
    await asyncio.gather(*(shop.uses.update(ROOT, "m", Changes(each)) for each in texts))
    model = await shop.uses.get(ROOT, "m")
    assert (model.description, [*model.groups], model.max_tokens) == ("d", ["g"], 5)
    assert (model.cache_seconds, model.version) == (6, 5)


async def test_a_model_is_switched_off_and_on_from_the_other_state_only(shop: Shop) -> None:
    await shop.made()
    with pytest.raises(Invalid):
        await shop.uses.update(ROOT, "m", Changes(enabled=True))
    off = await shop.uses.update(ROOT, "m", Changes(enabled=False))
    assert off.status is ModelStatus.STOPPED
    on = await shop.uses.update(ROOT, "m", Changes(enabled=True))
    assert on.in_service


async def test_a_built_in_model_is_neither_removed_nor_moved(shop: Shop) -> None:
    await shop.made(built_in=True)
    with pytest.raises(Conflict):
        await shop.uses.remove(ROOT, "m")
    with pytest.raises(Conflict):
        await shop.uses.update(ROOT, "m", Changes({"upstreams": [HERE]}))
    await shop.uses.update(ROOT, "m", Changes(enabled=False))


async def test_every_write_changes_the_catalogues_version(shop: Shop) -> None:
    seen = [await shop.store.catalogue_version()]
    await shop.made()
    seen.append(await shop.store.catalogue_version())
    await shop.uses.update(ROOT, "m", Changes({"description": "d"}))
    seen.append(await shop.store.catalogue_version())
    await shop.uses.remove(ROOT, "m")
    seen.append(await shop.store.catalogue_version())
    assert len({*seen}) == 4
    assert await shop.store.catalogue() == ()


async def test_a_key_is_kept_apart_and_goes_with_the_model(shop: Shop) -> None:
    model = await shop.with_key()
    reference = reference_of(model)
    assert await shop.secrets.resolve(reference) == KEY
    page = await shop.audit.page(ROOT, Search())
    assert KEY not in f"{model} {await shop.store.catalogue()} {page}"
    await shop.uses.remove(ROOT, "m")
    with pytest.raises(Unavailable):
        await shop.secrets.resolve(reference)


async def test_a_key_that_another_model_uses_too_stays(shop: Shop) -> None:
    reference = reference_of(await shop.with_key())
    await shop.made("other", upstreams=[HERE | {"key": reference}])
    await shop.uses.remove(ROOT, "m")
    assert await shop.secrets.resolve(reference) == KEY
    await shop.uses.remove(ROOT, "other")
    with pytest.raises(Unavailable):
        await shop.secrets.resolve(reference)


async def test_a_new_key_takes_the_place_of_the_old_one(shop: Shop) -> None:
    old = reference_of(await shop.with_key())
    changes = Changes({"upstreams": [HERE]}, api_keys={"main": "another"})
    new = reference_of(await shop.uses.update(ROOT, "m", changes))
    assert await shop.secrets.resolve(new) == "another"
    with pytest.raises(Unavailable):
        await shop.secrets.resolve(old)


async def test_where_nobody_knows_whether_it_was_saved_the_key_stays(shop: Shop) -> None:
    shop.tables.unsure = True
    with pytest.raises(Unavailable):
        await shop.with_key()
    kept = await shop.store.by_id("m")
    assert kept
    assert await shop.secrets.resolve(reference_of(kept)) == KEY


async def test_a_test_uses_the_key_and_leaves_nothing(shop: Shop) -> None:
    [probe] = await shop.uses.test(ROOT, replace(wanted(), api_keys={"main": KEY}))
    assert probe.ok
    assert shop.prober.keys == [KEY]
    assert not shop.secrets.references()
    assert await shop.store.catalogue() == ()
    with pytest.raises(Invalid):
        await shop.uses.test(ROOT, replace(wanted(), api_keys={"other": KEY}))


async def test_a_saved_model_is_tried_with_its_own_key(shop: Shop) -> None:
    await shop.with_key()
    await shop.uses.test_saved(ROOT, "m")
    assert shop.prober.keys == [KEY]


async def test_every_deed_is_in_the_audit_with_its_references(shop: Shop) -> None:
    reference = await shop.secrets.put("of-a-provider", KEY)
    await shop.made(upstreams=[HERE | {"key": reference}])
    for deed in (
        shop.uses.update(ROOT, "m", Changes({"description": "d"})),
        shop.uses.test_saved(ROOT, "m"),
        shop.uses.remove(ROOT, "m"),
    ):
        shop.clock.advance(1)
        await deed
    entries, _ = await shop.audit.page(ROOT, Search(kind="model"))
    assert [entry.verb for entry in entries] == ["delete", "test", "change", "create"]
    assert all(reference in entry.model_dump_json() for entry in entries)


async def test_a_field_of_another_release_is_passed_over(shop: Shop) -> None:
    made = await shop.made()
    [row] = (await shop.tables.query(Query(MODELS, "model"))).rows
    kept = row["model"]
    assert isinstance(kept, dict)
    upstreams: Json = [{**HERE, "id": "main", "later": 1}]
    later: Row = row | {"model": kept | {"later": 1, "upstreams": upstreams}}
    await shop.tables.apply(Put(MODELS, later))
    assert await shop.store.by_id("m") == made


async def test_where_there_is_no_litellm_service_models_that_need_it_are_refused(
    shop: Shop,
) -> None:
    shop.uses = replace(shop.uses, has_litellm=False)
    await shop.made()
    bedrock = {"kind": "litellm", "target": "bedrock/amazon.nova-lite-v1:0"}

    with pytest.raises(Invalid, match="is called through") as refused:
        await shop.made("nova", upstreams=[bedrock])
    assert refused.value.precise_code == "no_litellm"
    with pytest.raises(Invalid, match="LiteLLM"):
        await shop.uses.update(ROOT, "m", Changes({"upstreams": [bedrock]}))
