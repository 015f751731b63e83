"""Tokens through use cases and store: never more rights, and none after they are taken away."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.system.ids import RandomIds
from lisa.declared.tables import TOKENS
from lisa.domain.errors import Forbidden, Invalid, NotFound, Unauthenticated, Unavailable
from lisa.domain.identity import Limits, Principal, Token, TokenKind, digest
from lisa.ports.table import Step
from lisa.stores.audit import AuditStore
from lisa.stores.tokens import TokenStore
from lisa.usecases.audit import Audit
from lisa.usecases.token_uses import LastUses
from lisa.usecases.tokens import Issued, TokenUses, Wanted

ROOT = Principal(subject="root", admin=True)
ALICE = Principal(subject="alice", groups=frozenset({"research", "eval"}))
BOTH = frozenset({"control", "inference"})
DAY = timedelta(days=1)


class CountingTables(MemoryTables):
    """Counts what is written to tokens, and fails when told to."""

    failing = False
    transactions = 0

    async def transact(self, steps: Sequence[Step]) -> None:
        await asyncio.sleep(0)  # let others in between, as a store elsewhere does
        self.transactions += any(step.table == TOKENS for step in steps)
        if self.failing:
            raise Unavailable("away")
        await super().transact(steps)


@dataclass
class Keys:
    """The use cases of tokens over memory."""

    clock: ManualClock = field(default_factory=ManualClock)

    def __post_init__(self) -> None:
        self.tables = CountingTables(self.clock)
        self.store = TokenStore(self.tables)
        audit = Audit(AuditStore(self.tables), self.clock, RandomIds())
        self.uses = TokenUses(self.store, self.clock, RandomIds(), audit)

    async def of(self, secret: str) -> Token | None:
        """Return whose secret this is, as any door finds out."""
        token = await self.store.by_digest(digest(secret))
        return None if token is None or token.is_expired(self.clock.now()) else token


@pytest.fixture
def keys() -> Keys:
    return Keys()


async def test_a_persons_token_has_their_groups_and_a_programs_those_named(keys: Keys) -> None:
    own = await keys.uses.issue(ALICE, Wanted(name="laptop"))
    assert (own.token.kind, own.token.groups) == (TokenKind.USER, ALICE.groups)
    program = await keys.uses.issue(ALICE, Wanted(name="ci", groups=frozenset({"eval"})))
    assert program.token.kind is TokenKind.SERVICE
    assert program.token.groups == {"eval"}
    assert {own.token.owner, program.token.owner} == {"alice"}


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(name="x", admin=True),
        Wanted(name="x", rag_admin=True),
        Wanted(name="x", groups=frozenset({"finance"})),
        Wanted(name="x", owner="bob"),
        Wanted(name="x", owner="root", kind=TokenKind.USER),
    ],
)
async def test_nobody_makes_a_token_that_can_do_more(keys: Keys, wanted: Wanted) -> None:
    with pytest.raises(Forbidden):
        await keys.uses.issue(ALICE, wanted)


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(name="x", scopes=frozenset()),
        Wanted(name="x", scopes=BOTH),
        Wanted(name="x", limits=Limits(requests_per_minute=11)),
    ],
)
async def test_a_narrow_token_makes_only_narrower_ones(keys: Keys, wanted: Wanted) -> None:
    narrow = frozenset({"control", "inference", "model:m"})
    limits = Limits(requests_per_minute=10)
    until = keys.clock.now() + DAY
    parent = await keys.uses.issue(
        ALICE, Wanted(name="parent", scopes=narrow, limits=limits, expires=until)
    )
    caller = parent.token.principal()
    with pytest.raises(Forbidden):
        await keys.uses.issue(caller, wanted)
    with pytest.raises(Forbidden):
        await keys.uses.issue(caller, Wanted(name="x", expires=until + DAY))
    child = (await keys.uses.issue(caller, Wanted(name="child"))).token
    assert (child.scopes, child.limits, child.expires) == (narrow, limits, until)


async def test_a_narrow_token_gets_no_secret_of_a_wider_one(keys: Keys) -> None:
    wide = await keys.uses.issue(ALICE, Wanted(name="wide"))
    narrow = await keys.uses.issue(ALICE, Wanted(name="narrow", scopes=frozenset({"control"})))
    with pytest.raises(Forbidden):
        await keys.uses.rotate(narrow.token.principal(), wide.token.id)
    assert await keys.of(wide.secret)
    itself = await keys.uses.rotate(narrow.token.principal(), narrow.token.id)
    assert itself.token.scopes == {"control"}


async def test_who_lost_a_group_gets_no_secret_of_a_token_that_has_it(keys: Keys) -> None:
    issued = await keys.uses.issue(ALICE, Wanted(name="ci", groups=frozenset({"eval"})))
    poorer = ALICE.model_copy(update={"groups": frozenset({"research"})})
    with pytest.raises(Forbidden):
        await keys.uses.rotate(poorer, issued.token.id)


async def test_after_a_rotation_both_secrets_work_until_the_overlap_is_over(keys: Keys) -> None:
    first = await keys.uses.issue(ALICE, Wanted(name="ci"))
    second = await keys.uses.rotate(ALICE, first.token.id, overlap=timedelta(seconds=60))
    assert await keys.of(first.secret)
    assert await keys.of(second.secret)
    keys.clock.advance(60)
    assert await keys.of(first.secret) is None
    assert await keys.of(second.secret)


async def test_a_second_rotation_ends_the_oldest_secret_at_once(keys: Keys) -> None:
    first = await keys.uses.issue(ALICE, Wanted(name="ci"))
    second = await keys.uses.rotate(ALICE, first.token.id, overlap=DAY)
    third = await keys.uses.rotate(ALICE, first.token.id, overlap=DAY)
    works = [await keys.of(issued.secret) is not None for issued in (first, second, third)]
    assert works == [False, True, True]


async def test_a_former_secret_never_outlives_its_token(keys: Keys) -> None:
    until = keys.clock.now() + DAY
    first = await keys.uses.issue(ALICE, Wanted(name="ci", expires=until))
    await keys.uses.rotate(ALICE, first.token.id, overlap=2 * DAY)
    keys.clock.advance(DAY.total_seconds())
    assert await keys.of(first.secret) is None
    with pytest.raises(Invalid):
        await keys.uses.rotate(ALICE, first.token.id)


@pytest.mark.parametrize("overlap", [timedelta(seconds=-1), timedelta(days=31)])
async def test_an_overlap_is_neither_negative_nor_endless(keys: Keys, overlap: timedelta) -> None:
    issued = await keys.uses.issue(ALICE, Wanted(name="ci"))
    with pytest.raises(Invalid):
        await keys.uses.rotate(ALICE, issued.token.id, overlap=overlap)


async def test_a_disabled_token_is_refused_under_every_secret_until_enabled(keys: Keys) -> None:
    first = await keys.uses.issue(ALICE, Wanted(name="ci"))
    second = await keys.uses.rotate(ALICE, first.token.id, overlap=DAY)
    await keys.uses.change(ALICE, first.token.id, disabled=True)
    assert [await keys.of(issued.secret) for issued in (first, second)] == [None, None]
    await keys.uses.change(ALICE, first.token.id, name="renamed")
    third = await keys.uses.rotate(ALICE, first.token.id)
    assert await keys.of(third.secret) is None
    await keys.uses.change(ALICE, first.token.id, disabled=False)
    assert await keys.of(third.secret)


async def test_what_an_administrator_disabled_its_owner_does_not_enable(keys: Keys) -> None:
    issued = await keys.uses.issue(ALICE, Wanted(name="ci"))
    await keys.uses.change(ROOT, issued.token.id, disabled=True)
    with pytest.raises(Forbidden):
        await keys.uses.change(ALICE, issued.token.id, disabled=False)
    with pytest.raises(Unauthenticated):
        await keys.uses.issue(issued.token.principal(), Wanted(name="child"))


async def test_a_rotation_in_a_race_with_a_revocation_leaves_no_secret(keys: Keys) -> None:
    for _ in range(30):
        issued = await keys.uses.issue(ALICE, Wanted(name="ci"))
        rotated, changed, revoked = await asyncio.gather(
            keys.uses.rotate(ALICE, issued.token.id, overlap=DAY),
            keys.uses.change(ALICE, issued.token.id, name="other"),
            keys.uses.revoke(ALICE, issued.token.id),
            return_exceptions=True,
        )
        assert revoked is None
        assert isinstance(changed, Token | NotFound)
        assert isinstance(rotated, Issued | NotFound)
        assert await keys.of(issued.secret) is None
        if isinstance(rotated, Issued):
            assert await keys.of(rotated.secret) is None


async def test_a_use_noted_while_it_is_revoked_does_not_bring_a_token_back(keys: Keys) -> None:
    last = LastUses(keys.store, keys.clock)
    issued = await keys.uses.issue(ALICE, Wanted(name="ci"))
    await last.note(issued.token)
    await keys.uses.revoke(ALICE, issued.token.id)
    await last.settled()
    assert await keys.of(issued.secret) is None
    assert await keys.store.by_id(issued.token.id) is None


async def test_the_last_use_is_noted_once_a_minute_whichever_process_sees_it(keys: Keys) -> None:
    issued = await keys.uses.issue(ALICE, Wanted(name="ci"))
    keys.tables.transactions = 0
    for seconds in (0, 30, 29, 1):
        keys.clock.advance(seconds)
        for last in (LastUses(keys.store, keys.clock), LastUses(keys.store, keys.clock)):
            token = await keys.of(issued.secret)
            assert token
            await asyncio.gather(*(last.note(token) for _ in range(5)))
            await last.settled()
    assert keys.tables.transactions == 2
    shown = await keys.uses.get(ALICE, issued.token.id)
    assert shown.last_used == keys.clock.now()


async def test_a_store_that_is_away_delays_and_fails_no_use(keys: Keys) -> None:
    issued = await keys.uses.issue(ALICE, Wanted(name="ci"))
    last = LastUses(keys.store, keys.clock)
    keys.tables.failing = True
    await last.note(issued.token)
    await last.settled()
    keys.tables.failing = False
    assert (await keys.uses.get(ALICE, issued.token.id)).last_used is None


async def test_what_is_kept_and_recorded_holds_no_secret(keys: Keys) -> None:
    first = await keys.uses.issue(ALICE, Wanted(name="ci"))
    second = await keys.uses.rotate(ALICE, first.token.id, overlap=DAY)
    kept = repr(vars(keys.tables))
    for secret in (first.secret, second.secret):
        assert secret.removeprefix("lisa_")[:32] not in kept


async def test_a_token_lives_for_a_century_at_most(keys: Keys) -> None:
    endless = Wanted(name="x", expires=keys.clock.now() + timedelta(days=40_000))
    with pytest.raises(Invalid):
        await keys.uses.issue(ALICE, endless)
    await keys.uses.issue(ALICE, replace(endless, expires=None))
