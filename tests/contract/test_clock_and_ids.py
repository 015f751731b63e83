"""The small ports: time and names."""

from datetime import UTC, datetime, timedelta

from lisa.adapters.memory.clock import START, ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.system.clock import SystemClock
from lisa.adapters.system.ids import RandomIds
from lisa.ports.table import Query
from tests.contract.records import RECORDS, fill, record, sort_keys


async def test_the_system_clock_tells_the_time_in_utc_and_lets_it_pass() -> None:
    clock = SystemClock()
    before = datetime.now(UTC)
    await clock.sleep(0.01)
    assert clock.now() >= before + timedelta(seconds=0.01)
    assert clock.now().tzinfo is UTC


async def test_a_manual_clock_moves_only_when_told() -> None:
    clock = ManualClock()
    clock.advance(1.5)
    await clock.sleep(3600)
    assert clock.now() == START + timedelta(seconds=3601.5)


def test_ids_are_never_the_same() -> None:
    ids = RandomIds()
    assert len({ids.new("s") for _ in range(1000)} | {ids.secret() for _ in range(1000)}) == 2000
    assert ids.new("session").startswith("session_")
    assert len(ids.secret()) == 64


async def test_an_index_in_memory_may_lag_behind_the_table() -> None:
    tables = MemoryTables(ManualClock(), index_lag=2)
    by_group = Query(RECORDS, "g", index="by_group")
    for number in range(4):
        await fill(tables, record(sk=str(number), group="g", rank=str(number)))
    await fill(tables, record(sk="0", group="g", rank="moved"))
    assert await sort_keys(tables, by_group) == ["0", "1", "2"]
    assert await sort_keys(tables, Query(RECORDS, "a")) == ["0", "1", "2", "3"]
