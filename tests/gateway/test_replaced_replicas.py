"""Replicas that come and go under load: no call fails by it, and none changes its replica."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from lisa.bootstrap.gateway import Bounds
from lisa.domain.model import ModelStatus
from lisa.gateway.waking import WakingBounds
from tests.gateway.hosted import (
    Waking,
    chat,
    client_of,
    comes,
    hosted,
    until_waiting,
    waiting,
)
from tests.gateway.running import Running, running_gateway, to
from tests.standins.engine.server import Engine

SLOW = {"tokens": 20, "pause": 0.05}


@pytest.fixture
async def gateway(engine: Engine) -> AsyncIterator[Running]:
    bounds = Bounds(waking=WakingBounds(silent=0.2))
    async with running_gateway(engine, bounds, waker=Waking()) as running:
        yield running


@pytest.fixture
async def http(gateway: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(gateway, await gateway.token()) as client:
        yield client


@pytest.fixture
async def other() -> AsyncIterator[Engine]:
    engine = Engine()
    await engine.come()
    yield engine
    await engine.go()


async def keep_calling(http: httpx.AsyncClient, over: asyncio.Event) -> list[tuple[int, bool]]:
    """Call on and on; return the statuses, and whether the answers were whole."""
    told: list[tuple[int, bool]] = []
    while not over.is_set():
        answer = await chat(http, "model", stream=True, engine=SLOW)
        told.append((answer.status_code, answer.text.endswith("data: [DONE]\n\n")))
    return told


def calls_to(engine: Engine) -> int:
    return sum(seen.path.endswith("completions") for seen in engine.seen)


async def test_replicas_that_take_turns_under_load_fail_no_call(
    gateway: Running, http: httpx.AsyncClient, engine: Engine, other: Engine
) -> None:
    """Each time the replica has the id of the one before, at another address."""
    await hosted(gateway, "model", to(engine, id="replica-1"))
    over = asyncio.Event()
    callers = [asyncio.create_task(keep_calling(http, over)) for _ in range(10)]
    for now, before in ((other, engine), (engine, other)) * 2:
        await asyncio.sleep(0.3)
        await comes(gateway, "model", to(now, id="replica-1"))
        assert await before.quiet()
        asked = calls_to(before)
        await asyncio.sleep(0.2)
        assert calls_to(before) == asked
    over.set()
    told = [each for answers in await asyncio.gather(*callers) for each in answers]
    assert set(told) == {(200, True)}


async def test_an_update_under_load_fails_no_call(
    gateway: Running, http: httpx.AsyncClient, engine: Engine, other: Engine
) -> None:
    """Who comes while there is no replica waits for the next one."""
    await hosted(gateway, "model", to(engine, id="replica-1"))
    over = asyncio.Event()
    callers = [asyncio.create_task(keep_calling(http, over)) for _ in range(10)]
    await asyncio.sleep(0.3)
    await gateway.change("model", status=ModelStatus.UPDATING, upstreams=())
    assert await engine.quiet()
    await engine.go()
    await until_waiting(gateway, "model", 10)
    await comes(gateway, "model", to(other, id="replica-1"))
    await asyncio.sleep(0.3)
    over.set()
    told = [each for answers in await asyncio.gather(*callers) for each in answers]
    assert set(told) == {(200, True)}
    assert waiting(gateway, "model") == 0


async def test_who_waits_in_line_goes_to_a_new_replica(
    gateway: Running, http: httpx.AsyncClient, engine: Engine, other: Engine
) -> None:
    await hosted(gateway, "model", to(engine, id="replica-1", concurrent=1))
    hanging = asyncio.create_task(chat(http, "model", engine={"hang": True}))
    async with asyncio.timeout(5):
        while not engine.under_way:  # noqa: ASYNC110 - over HTTP
            await asyncio.sleep(0.01)
    in_line = [asyncio.create_task(chat(http, "model")) for _ in range(5)]
    await asyncio.sleep(0.2)
    await comes(gateway, "model", to(other, id="replica-1", concurrent=2))
    answers = await asyncio.gather(*in_line)
    assert {answer.status_code for answer in answers} == {200}
    assert (calls_to(engine), calls_to(other)) == (1, 5)
    hanging.cancel()
    await asyncio.gather(hanging, return_exceptions=True)
    assert await gateway.quiet()


async def test_a_dead_replica_s_successor_is_trusted_at_once(
    gateway: Running, http: httpx.AsyncClient, engine: Engine, other: Engine
) -> None:
    await hosted(gateway, "model", to(engine, id="replica-1"), to(other, id="replica-2"))
    await other.go()
    answers = [await chat(http, "model") for _ in range(10)]
    assert {answer.status_code for answer in answers} == {200}
    third = Engine()
    await third.come()
    await comes(gateway, "model", to(engine, id="replica-1"), to(third, id="replica-2"))
    calls = (chat(http, "model", engine={"delay": 0.05}) for _ in range(40))
    assert {answer.status_code for answer in await asyncio.gather(*calls)} == {200}
    assert calls_to(third) > 10
    await third.go()
