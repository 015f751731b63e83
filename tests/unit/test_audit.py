"""The audit: what is masked, what is found, and how strangers' refusals are counted."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import JsonValue

from lisa.adapters.memory.clock import START, ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.system.ids import RandomIds
from lisa.declared.tables import AUDIT
from lisa.domain.audit import Circumstances, Deed, Entry, Outcome, masked, neighbourhood
from lisa.domain.errors import Forbidden, Invalid, Unavailable
from lisa.domain.identity import Principal, write_token
from lisa.ports.table import ABSENT, Delete, Put, Row, Step, Update
from lisa.stores.audit import AuditStore, Search
from lisa.usecases.audit import CIRCUMSTANCES, Audit, Refusals

ADMIN = Principal(subject="root", admin=True, token_id="token_1")
ALICE = Principal(subject="alice")
TOKEN = write_token("0123456789abcdef" * 4)
JWT = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2ln"
REFUSED = Deed("get", "request", "/sessions", outcome=Outcome.DENIED, reason="unauthenticated")


class WatchedTables(MemoryTables):
    """Counts writes; with a gate, each waits there, and a broken store can't answer."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(clock)
        self.writes: list[Step] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.broken = False

    async def apply(self, step: Put | Update | Delete) -> Row | None:
        await self.gate.wait()
        if self.broken:
            raise Unavailable("the store is away")
        self.writes.append(step)
        return await super().apply(step)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def tables(clock: ManualClock) -> WatchedTables:
    return WatchedTables(clock)


@pytest.fixture
def audit(tables: WatchedTables, clock: ManualClock) -> Audit:
    return Audit(AuditStore(tables), clock, RandomIds())


async def everything(audit: Audit, search: Search) -> list[Entry]:
    """Walk all pages."""
    found: list[Entry] = []
    while True:
        entries, cursor = await audit.store.page(search)
        found += entries
        if not cursor:
            return found
        search = Search(search.limit, cursor, search.actor, search.kind, search.since, search.until)


@pytest.mark.parametrize(
    "secret",
    [
        {"token": "x"},
        {"apiKey": "x"},
        {"api_key": "x"},
        {"APIKEY": "x"},
        {"Authorization": "x"},
        {"clientSecret": {"deep": "x"}},
        {"passwords": ["x"]},
        {"password": 1234},
        {"name": "HF_TOKEN", "value": "x"},
        {"Key": "Password", "Value": "x"},
    ],
)
def test_a_secret_is_masked_by_its_name(secret: dict[str, JsonValue]) -> None:
    shown = masked({"outer": [secret]})
    assert "x" not in str(shown).replace("outer", "")
    assert "1234" not in str(shown)
    assert "***" in str(shown)


@pytest.mark.parametrize(
    "text",
    [
        TOKEN,
        JWT,
        f"see {TOKEN}!",
        f"Bearer {JWT}",
        "bearer abcdefgh",
        "Basic dXNlcjpwYXNz",
        "https://me:s3cret@x.test/",
        "sk-abcdefghijklmnop1234",
        "ab" * 32,
    ],
)
def test_a_secret_is_masked_by_its_look_wherever_it_stands(text: str) -> None:
    shown = str(masked({"note": [text], text: 1}))
    for secret in (TOKEN, JWT, "abcdefgh", "dXNlcjpwYXNz", "s3cret", "ab" * 32):
        assert secret not in shown
    assert "***" in shown


def test_what_is_no_secret_stays() -> None:
    plain: JsonValue = {
        "enableUserApiTokens": True,
        "token": None,
        "max_tokens": 4096,
        "token_id": "token_1",
        "text": "the lisa_session cookie, the bearer of news",
        "n": [1, 2.5, "x"],
    }
    assert masked(plain) == plain


def test_masking_ends_however_deep_the_value_is() -> None:
    deep: JsonValue = "x"
    for _ in range(100_000):
        deep = [deep]
    assert "***" in str(masked(deep))


async def test_an_entry_tells_who_what_how_and_from_where(audit: Audit) -> None:
    before = CIRCUMSTANCES.set(Circumstances("192.0.2.1", "request-1"))
    await audit.note(
        ADMIN, Deed("change", "configuration", "global", before={"a": 1}, after={"secret": "s"})
    )
    CIRCUMSTANCES.reset(before)
    [entry], cursor = await audit.page(ADMIN, Search())
    assert cursor == ""
    assert entry.model_dump(exclude={"id"}) == {
        "when": START,
        "who": "root",
        "how": "token_1",
        "ip": "192.0.2.1",
        "verb": "change",
        "kind": "configuration",
        "object_id": "global",
        "outcome": Outcome.ALLOWED,
        "reason": "",
        "before": {"a": 1},
        "after": {"secret": "***"},
        "request_id": "request-1",
        "count": 1,
    }


async def test_only_an_administrator_reads_the_audit(audit: Audit) -> None:
    with pytest.raises(Forbidden):
        await audit.page(ALICE, Search())


@pytest.mark.parametrize("limit", [1, 3, 1000])
async def test_entries_come_newest_first_over_days_that_lie_apart(
    audit: Audit, clock: ManualClock, limit: int
) -> None:
    names = [f"{day}-{number}" for day in range(4) for number in range(3)]
    for place, name in enumerate(names):
        who = ADMIN if place % 2 else ALICE
        await audit.note(who, Deed("x", "odd" if place % 3 else "even", name))
        clock.advance(3600 * (24 * 90 if place % 3 == 2 else 1))
    backwards = names[::-1]

    def ids(entries: Sequence[Entry]) -> list[str]:
        return [entry.object_id for entry in entries]

    assert ids(await everything(audit, Search(limit))) == backwards
    assert ids(await everything(audit, Search(limit, actor="root"))) == backwards[::2]
    assert ids(await everything(audit, Search(limit, kind="even"))) == ["3-0", "2-0", "1-0", "0-0"]
    of_both = Search(limit, actor="root", kind="even")
    assert ids(await everything(audit, of_both)) == ["3-0", "1-0"]
    since = START + timedelta(hours=1)
    assert ids(await everything(audit, Search(limit, since=since))) == backwards[:-1]
    until = Search(limit, until=START + timedelta(hours=2), actor="")
    assert ids(await everything(audit, until)) == ["0-1", "0-0"]


@pytest.mark.parametrize(
    "cursor", ["x", "2030-01-01", "2030-01-01T00:00:00.000000+00:00#\x00", "#"]
)
async def test_a_made_up_cursor_is_refused(audit: Audit, cursor: str) -> None:
    with pytest.raises(Invalid):
        await audit.page(ADMIN, Search(cursor=cursor))


async def test_a_very_long_state_keeps_its_beginning(audit: Audit) -> None:
    await audit.note(ADMIN, Deed("x", "y", "z\x00" * 1000, after={"text": "long " * 100_000}))
    [entry], _ = await audit.page(ADMIN, Search())
    assert isinstance(entry.after, dict)
    assert str(entry.after["begins"]).startswith('{"text": "long')
    assert len(entry.object_id) == 500


async def test_a_page_of_long_entries_ends_early_and_goes_on(audit: Audit) -> None:
    for _ in range(50):
        await audit.note(ADMIN, Deed("x", "y", after={"text": "long " * 12_000}))
    entries, cursor = await audit.page(ADMIN, Search(1000))
    assert 10 < len(entries) < 50
    rest, _ = await audit.page(ADMIN, Search(1000, cursor))
    assert len({entry.id for entry in [*entries, *rest]}) == 50


async def test_strangers_refusals_of_a_minute_are_one_entry_that_counts(
    audit: Audit, clock: ManualClock
) -> None:
    first, second = Refusals(audit), Refusals(audit)  # as in two processes
    for number in range(30):
        await (first if number % 2 else second).note(None, REFUSED)
        clock.advance(1)
    clock.advance(60)
    await first.note(None, REFUSED)
    entries, _ = await audit.page(ADMIN, Search())
    assert [(entry.count, entry.outcome) for entry in entries] == [(1, "denied"), (30, "denied")]


async def test_refusals_that_come_at_once_are_written_together(
    audit: Audit, tables: WatchedTables
) -> None:
    refusals = Refusals(audit)
    await refusals.note(None, REFUSED)
    tables.writes.clear()
    tables.gate.clear()
    flood = [asyncio.create_task(refusals.note(None, REFUSED)) for _ in range(500)]
    await asyncio.sleep(0)
    tables.gate.set()
    await asyncio.gather(*flood)
    assert len(tables.writes) == 2
    [entry], _ = await audit.page(ADMIN, Search())
    assert entry.count == 501


async def test_a_failed_count_leaves_nothing_behind_and_the_next_one_is_written(
    audit: Audit, tables: WatchedTables
) -> None:
    refusals = Refusals(audit)
    tables.broken = True
    with pytest.raises(Unavailable):
        await refusals.note(None, REFUSED)
    tables.broken = False
    await refusals.note(None, REFUSED)
    [entry], _ = await audit.page(ADMIN, Search())
    assert entry.count == 1


async def test_a_known_callers_equal_refusals_of_a_minute_are_one_entry(audit: Audit) -> None:
    refusals = Refusals(audit)
    for number in range(20):
        tried = replace(REFUSED, object_id=f"/sessions/{number}", route="/sessions/{id}")
        await refusals.note(ALICE, tried)
    [entry], _ = await audit.page(ADMIN, Search(actor="alice"))
    assert (entry.how, entry.count, entry.object_id) == ("session", 20, "/sessions/19")


@pytest.mark.parametrize(
    "other",
    [{"route": "/tokens"}, {"verb": "delete"}, {"reason": "switched_off"}],
    ids=lambda other: str(*other),
)
async def test_a_known_callers_other_refusals_are_entries_of_their_own(
    audit: Audit, other: dict[str, str]
) -> None:
    refusals = Refusals(audit)
    await refusals.note(ALICE, REFUSED)
    await refusals.note(ALICE, replace(REFUSED, **other))  # type: ignore[arg-type] # texts all
    await refusals.note(ALICE.model_copy(update={"token_id": "token_1"}), REFUSED)
    entries, _ = await audit.page(ADMIN, Search(actor="alice"))
    assert [entry.count for entry in entries] == [1, 1, 1]


async def test_a_line_of_the_record_never_replaces_another(
    audit: Audit, tables: WatchedTables
) -> None:
    await audit.note(ADMIN, Deed("x", "y"))
    lines = [step for step in tables.writes if isinstance(step, Put) and step.row["pk"] != "days"]
    assert [(line.table, line.when) for line in lines] == [(AUDIT, ABSENT)]


@pytest.mark.parametrize(
    ("ip", "shown"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8::1:2:3:4", "2001:db8::/64"),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.1"),
        ("unknown", "unknown"),
        ("", ""),
    ],
)
def test_one_subscribers_ipv6_addresses_count_as_one(ip: str, shown: str) -> None:
    assert neighbourhood(ip) == shown
