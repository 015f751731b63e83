"""What gateways tell of the models we run: calls under way, and when the last one was."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import httpx
import pytest

from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.system.clock import SystemClock
from lisa.declared.tables import MODEL_REPORTS
from lisa.domain.errors import Unavailable
from lisa.gateway.uses import Count
from lisa.ports.table import Delete, Put, Row, Update
from lisa.stores.model_reports import Use
from tests.gateway.hosted import chat, client_of, hosted
from tests.gateway.running import Running, running_gateway, to
from tests.standins.engine.server import Engine

SLOW = {"tokens": 1000, "pause": 0.05}


class Stubborn(MemoryTables):
    """Tables of which one doesn't take anything for a while: it hangs, or says so."""

    hangs = False
    refuses = False
    tried = 0

    async def apply(self, step: Put | Update | Delete) -> Row | None:
        if step.table == MODEL_REPORTS:
            self.tried += 1
            if self.hangs:
                await asyncio.Event().wait()
            if self.refuses:
                raise Unavailable("the table is away")
        return await super().apply(step)


@pytest.fixture
def tables() -> Stubborn:
    return Stubborn(SystemClock())


@pytest.fixture
async def gateway(engine: Engine, tables: Stubborn) -> AsyncIterator[Running]:
    async with running_gateway(engine, tables=tables) as running:
        await hosted(running, "ours", to(engine))
        yield running


@pytest.fixture
async def http(gateway: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(gateway, await gateway.token()) as client:
        yield client


async def until_told(gateway: Running, under_way: int) -> Use:
    """Return what is told as soon as it is this count."""
    async with asyncio.timeout(10):
        while True:
            uses = await gateway.reports.uses("ours")
            if uses and uses[0].under_way == under_way:
                assert len(uses) == 1
                return uses[0]
            await asyncio.sleep(0.05)


async def test_calls_under_way_and_their_end_are_told(
    gateway: Running, http: httpx.AsyncClient
) -> None:
    calls = [
        asyncio.create_task(chat(http, "ours", stream=True, engine=SLOW | {"tokens": 30}))
        for _ in range(3)
    ]
    begun = await until_told(gateway, 3)
    await asyncio.gather(*calls)
    ended = await until_told(gateway, 0)
    assert begun.last_used < ended.last_used
    assert await gateway.reports.last_used("ours") == ended.last_used


async def test_a_caller_who_hangs_up_is_under_way_no_longer(
    gateway: Running, http: httpx.AsyncClient
) -> None:
    call = asyncio.create_task(chat(http, "ours", engine={"hang": True}))
    await until_told(gateway, 1)
    call.cancel()
    await until_told(gateway, 0)


async def test_of_models_of_others_nothing_is_told(
    gateway: Running, http: httpx.AsyncClient
) -> None:
    await chat(http, "tiny")
    await chat(http, "ours")
    await until_told(gateway, 0)
    assert await gateway.reports.uses("tiny") == []


async def test_a_table_that_hangs_slows_no_call_and_is_told_later(
    gateway: Running, http: httpx.AsyncClient, tables: Stubborn
) -> None:
    tables.hangs = True
    call = asyncio.create_task(chat(http, "ours", stream=True, engine=SLOW))
    async with asyncio.timeout(10):
        while not tables.tried:  # noqa: ASYNC110 - the gateway tells nobody
            await asyncio.sleep(0.01)
        answers = await asyncio.gather(*(chat(http, "ours") for _ in range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert await gateway.reports.uses("ours") == []
    tables.hangs = False
    await until_told(gateway, 1)
    call.cancel()


async def test_a_table_that_is_away_is_told_when_it_is_back(
    gateway: Running, http: httpx.AsyncClient, tables: Stubborn
) -> None:
    tables.refuses = True
    await chat(http, "ours")
    async with asyncio.timeout(10):
        while tables.tried < 2:  # noqa: ASYNC110 - the gateway tells nobody
            await asyncio.sleep(0.01)
    tables.refuses = False
    await until_told(gateway, 0)


async def test_at_its_end_a_process_says_that_nothing_is_under_way(engine: Engine) -> None:
    tables = MemoryTables(SystemClock())
    async with running_gateway(engine, tables=tables) as gateway:
        await hosted(gateway, "ours", to(engine))
        async with client_of(gateway, await gateway.token()) as http:
            call = asyncio.create_task(chat(http, "ours", stream=True, engine=SLOW))
            told = await until_told(gateway, 1)
            call.cancel()
            await asyncio.gather(call, return_exceptions=True)
    (use,) = await gateway.reports.uses("ours")
    assert use.under_way == 0
    assert use.last_used >= told.last_used


async def test_of_a_model_that_is_gone_nothing_is_told_any_more(
    engine: Engine, tables: Stubborn
) -> None:
    async with running_gateway(engine, tables=tables) as gateway:
        model = await hosted(gateway, "ours", to(engine))
        async with client_of(gateway, await gateway.token()) as http:
            await chat(http, "ours")
            await until_told(gateway, 0)
            await chat(http, "ours")
        await gateway.models.remove(model)
        await gateway.reports.forget("ours")
        await gateway.service.gateway.calls.registry.refresh()
    assert await gateway.reports.uses("ours") == []


def told_at(count: Count, now: datetime) -> bool:
    """Look at a count, and tell it if that is due."""
    use = count.look(now)
    is_due = use is not None and count.is_due(use)
    count.told = use if is_due else count.told
    return is_due


def test_what_changes_from_and_to_nothing_is_due_at_once_and_all_else_now_and_then() -> None:
    now, second = SystemClock().now(), timedelta(seconds=1)
    count = Count()
    assert not told_at(count, now)
    count.begin()
    assert told_at(count, now)
    count.begin()
    assert [told_at(count, now + n * second) for n in range(1, 11)] == [
        False,
        *[False] * 3,
        True,
    ] * 2
    count.end()
    assert not told_at(count, now + 11 * second)
    count.end()
    assert told_at(count, now + 12 * second)
    count.begin()
    count.end()
    assert [told_at(count, now + n * second) for n in (13, 41, 42, 43, 90)] == [
        False,
        False,
        True,
        False,
        False,
    ]
