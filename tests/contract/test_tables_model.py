"""Random histories: every store answers as rows in memory do, and fails as they do."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, ClassVar, Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, multiple, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.postgres.tables import PostgresTables
from lisa.domain.errors import ConditionFailed, LisaError
from lisa.ports.steps import place_of
from lisa.ports.table import Json, Key, Page, Query, Row, Step, Tables
from tests.contract import histories
from tests.contract.records import RECORDS
from tests.contract.stores import empty_database, emulated_dynamodb

LONG_RUN: Final = int(os.environ.get("LISA_TEST_EXAMPLES", "0"))
EXAMPLES: Final = LONG_RUN or 60
EXAMPLES_ON_THE_EMULATOR: Final = max(30, LONG_RUN // 20)
SECONDS: Final = 120 + EXAMPLES


class Histories(RuleBasedStateMachine):
    """Does the same to a store and to rows in memory, and compares what both say."""

    readings = Bundle("readings")

    store: ClassVar[Tables]
    clock: ClassVar[ManualClock]
    runner: ClassVar[asyncio.Runner]

    def __init__(self) -> None:
        super().__init__()
        self.oracle = MemoryTables(self.clock)
        self.keys: set[Key] = set()

    def both(self, ask: Callable[[Tables], Awaitable[Any]]) -> Any:
        expected, found = (self.runner.run(answer(ask(it))) for it in (self.oracle, self.store))
        assert found == expected
        return found

    @initialize(steps=histories.beginnings)
    def begin(self, steps: Sequence[Step]) -> None:
        for step in steps:
            self.apply(step)

    @rule(step=histories.writes)
    def apply(self, step: Any) -> None:
        self.keys.add(place_of(step)[1])
        self.both(lambda tables: tables.apply(histories.at(self.clock, step)))

    @rule(steps=histories.transactions)
    def transact(self, steps: Sequence[Step]) -> None:
        self.keys |= {place_of(step)[1] for step in steps}
        timely = [histories.at(self.clock, step) for step in steps]
        self.both(lambda tables: tables.transact(timely))

    @rule(key=histories.keys)
    def get(self, key: Key) -> None:
        self.both(lambda tables: tables.get(RECORDS, key))

    @rule(keys=st.lists(histories.keys, max_size=5))
    def get_many(self, keys: list[Key]) -> None:
        self.both(lambda tables: tables.get_many(RECORDS, keys))

    @rule(keys=st.lists(histories.keys, max_size=3))
    def delete_many(self, keys: list[Key]) -> None:
        self.both(lambda tables: tables.delete_many(RECORDS, keys))

    @rule(seconds=st.sampled_from([0.4, 1, 2]))
    def pass_time(self, seconds: float) -> None:
        self.clock.advance(seconds)

    @rule()
    def sweep(self) -> None:
        if isinstance(self.store, PostgresTables):
            self.runner.run(self.store.purge_expired(RECORDS, limit=2))

    @rule(target=readings, query=histories.queries)
    def begin_reading(self, query: Query) -> Any:
        return self.read_on(query)

    @rule(target=readings, query=readings)
    def read_on(self, query: Query) -> Any:
        page = self.both(lambda tables: tables.query(query))
        if isinstance(page, Page) and page.cursor:
            return replace(query, cursor=page.cursor)
        return multiple()

    @rule(query=histories.index_queries)
    def read_index(self, query: Query) -> None:
        self.both(lambda tables: walked(tables, query))

    def teardown(self) -> None:
        try:
            for partition in histories.PARTITIONS:
                self.read_on(Query(RECORDS, partition, limit=1000))
        finally:
            self.runner.run(self.store.delete_many(RECORDS, list(self.keys)))


async def answer(question: Awaitable[Any]) -> Any:
    """Return the answer, or what kind of failure it was."""
    try:
        return await question
    except ConditionFailed as failure:
        return type(failure), failure.failed
    except LisaError as failure:
        return type(failure)


async def walked(tables: Tables, query: Query) -> tuple[list[Json], list[Row]]:
    """Return the order, and the rows in an order that doesn't tell how ties were broken."""
    sort = RECORDS.index(query.index).sort
    rows: list[Row] = []
    while True:
        page = await tables.query(query)
        rows += page.rows
        if not page.cursor:
            return [row[sort] for row in rows], sorted(rows, key=lambda row: (row["pk"], row["sk"]))
        query = replace(query, cursor=page.cursor)


def limits(examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=not LONG_RUN,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )


def histories_of(
    store: Tables, clock: ManualClock, runner: asyncio.Runner
) -> type[RuleBasedStateMachine]:
    return type("HistoriesOf", (Histories,), {"store": store, "clock": clock, "runner": runner})


@contextmanager
def stored_in_postgres(
    conninfo: str, clock: ManualClock, runner: asyncio.Runner
) -> Iterator[PostgresTables]:
    opening = empty_database(conninfo)
    yield PostgresTables(runner.run(opening.__aenter__()), clock)
    runner.run(opening.__aexit__(None, None, None))


@pytest.mark.timeout(SECONDS)
def test_postgres_agrees_with_rows_in_memory(postgres: str, clock: ManualClock) -> None:
    with asyncio.Runner() as runner, stored_in_postgres(postgres, clock, runner) as tables:
        run_machine(histories_of(tables, clock, runner), settings=limits(EXAMPLES, steps=50))


@pytest.mark.timeout(SECONDS)
def test_dynamodb_agrees_with_rows_in_memory(clock: ManualClock) -> None:
    few = limits(EXAMPLES_ON_THE_EMULATOR, steps=25)
    with asyncio.Runner() as runner, emulated_dynamodb(clock) as tables:
        run_machine(histories_of(tables, clock, runner), settings=few)
