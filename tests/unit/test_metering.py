"""Calls are noted at once and stored soon, each once, whatever becomes of store and process."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lisa.adapters.files.journal import FileJournal
from lisa.adapters.memory.clock import START, ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.system.ids import RandomIds
from lisa.domain.errors import Unavailable
from lisa.domain.identity import Principal
from lisa.domain.model import Model, Prices
from lisa.domain.usage import Call, Counts
from lisa.ports.calls import Ask
from lisa.ports.table import Step
from lisa.stores.allowances import Place
from lisa.stores.usage.batches import UsageBatches
from lisa.stores.usage.records import CallSearch, UsageRecords
from lisa.usecases.limits.rules import DAYS
from lisa.usecases.metering import BatchingMeter
from lisa.usecases.metering_totals import MeteringTotals

MODEL = Model(
    id="m", created=START, changed=START, prices=Prices(prompt=1, completion=2, source="list")
)


class UnsteadyTables(MemoryTables):
    """Rows that can't be reached for a time, or whose answers get lost after the deed."""

    away = False
    loses_answers = False

    async def transact(self, steps: Sequence[Step]) -> None:
        """Do it, if that is possible now."""
        if self.away:
            raise Unavailable("away")
        await super().transact(steps)
        if self.loses_answers:
            raise Unavailable("timed out")


@dataclass
class World:
    """One store, and the folder of journals of the processes that use it."""

    folder: Path
    clock: ManualClock = field(default_factory=ManualClock)

    def __post_init__(self) -> None:
        self.tables = UnsteadyTables(self.clock)
        self.totals = MeteringTotals()

    def process(self) -> BatchingMeter:
        store = UsageBatches(self.tables)
        journal = FileJournal(self.folder, renewed_at=2000)
        return BatchingMeter(store, journal, self.clock, RandomIds(), (self.totals,), 50)

    async def stored(self) -> list[Call]:
        search = CallSearch(START, self.clock.now().replace(year=2031), limit=10_000)
        calls, _ = await UsageRecords(self.tables).page(search)
        return calls


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def ask(name: str) -> Ask:
    caller = Principal(subject="alice", groups=frozenset({"research"}), token_id="token_1")
    return Ask(name, caller, MODEL, "chat", prompt_estimate=100, most_completion=50)


def call(name: str) -> Call:
    return Call(id=name, at=START, subject="alice", model="m", endpoint="chat", status=200)


def ids(calls: list[Call]) -> list[str]:
    return sorted(each.id for each in calls)


async def test_what_was_noted_is_stored_and_leaves_no_journal(world: World) -> None:
    meter = world.process()
    async with meter.running():
        for number in range(120):
            meter.begin(ask(f"{number}"))
            meter.note(call(f"{number}"))
        assert world.totals.under_way() == {}

    assert len(await world.stored()) == 120
    assert not any(world.folder.iterdir())


async def test_an_answer_of_the_store_that_got_lost_counts_nothing_twice(world: World) -> None:
    meter = world.process()
    meter.note(call("a"))
    world.tables.loses_answers = True
    with pytest.raises(Unavailable):
        await meter.flush()
    meter.note(call("b"))
    world.tables.loses_answers = False
    await meter.flush()

    assert ids(await world.stored()) == ["a", "b"]


async def test_while_the_store_is_away_memory_stays_bounded_and_nothing_is_lost(
    world: World,
) -> None:
    meter = world.process()
    world.tables.away = True
    many = 350
    meter.begin(ask("long"))
    for number in range(many):
        meter.note(call(f"{number}"))
    with pytest.raises(Unavailable):
        await meter.flush()
    assert not meter._waiting

    world.tables.away = False
    meter.note(call("after"))
    await meter.flush()
    await meter.recover()
    meter.note(call("long"))
    await meter.flush()
    search = CallSearch(START, START.replace(year=2031), limit=many + 3)
    found, cursor = await UsageRecords(world.tables).page(search)
    assert not cursor
    assert ids(found) == sorted([*map(str, range(many)), "after", "long"])


async def test_the_calls_of_a_dead_process_are_stored_those_under_way_at_their_most(
    world: World,
) -> None:
    meter = world.process()
    meter.begin(ask("done"))
    meter.begin(ask("cut"))
    meter.note(call("done"))
    meter.journal.close()  # as if it had been killed

    heir = world.process()
    await heir.recover()
    await heir.recover()
    [cut, done] = sorted(await world.stored(), key=lambda each: each.id)
    assert done == call("done")
    assert (cut.id, cut.status, cut.ended, cut.unsettled) == ("cut", 499, "cut", True)
    assert cut.counts == Counts(prompt=100, completion=50, estimated=True)
    assert cut.cost == pytest.approx(0.0002)
    assert (cut.token_id, cut.price_source) == ("token_1", "list")


async def test_who_dies_between_storing_and_saying_so_is_not_counted_twice(world: World) -> None:
    meter = world.process()
    meter.note(call("a"))
    meter.begin(ask("cut"))
    world.tables.loses_answers = True
    with pytest.raises(Unavailable):
        await meter.flush()
    meter.note(call("b"))
    meter.journal.close()
    first_heir = world.process()
    await first_heir.recover()  # it loses its answers too
    world.tables.loses_answers = False
    await world.process().recover()

    assert ids(await world.stored()) == ["a", "b", "cut"]


async def test_a_lost_lease_is_listed_and_marked(world: World) -> None:
    meter = world.process()
    meter.lost(Place("budget_usd_per_day#user:alice", "2030-01-01", DAYS), 2_500_000)
    meter.lost(Place("tokens_per_day#token:token_1", "2030-01-01", DAYS), 700)
    await meter.flush()

    money, tokens = sorted(await world.stored(), key=lambda each: -each.cost)
    assert (money.subject, money.cost, money.unsettled) == ("alice", 2.5, True)
    assert (tokens.token_id, tokens.counts.completion) == ("token_1", 700)
    assert world.totals.sums == {}


async def test_a_batch_no_store_can_take_does_not_keep_the_others_waiting(world: World) -> None:
    meter = world.process()
    meter.note(call("a").model_copy(update={"model": "x" * 2000}))
    await meter.flush()
    meter.note(call("b"))
    await meter.flush()

    assert ids(await world.stored()) == ["b"]
