"""A gateway that is told to stop: whom it holds it answers at once, and cuts nobody off."""

import asyncio
import json
import signal
from collections.abc import Iterator

import httpx
import pytest

from lisa.bootstrap.gateway import Bounds
from lisa.bootstrap.stop_signal import StopSignal
from lisa.gateway.waking import WakingBounds
from tests.gateway.hosted import Waking, chat, client_of, hosted, until_waiting
from tests.gateway.running import Running, running_gateway, to
from tests.standins.engine.server import Engine

QUICK = Bounds(waking=WakingBounds(longest=60, silent=0.2, sign_every=0.1))


@pytest.fixture
def told() -> Iterator[StopSignal]:
    """Keep the signal from ending the tests."""
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    yield StopSignal(seconds=60, least=1)
    signal.signal(signal.SIGTERM, before)


async def held(http: httpx.AsyncClient, gateway: Running) -> list[asyncio.Task[httpx.Response]]:
    """Return a call that awaits a document, and one whose stream has begun."""
    await hosted(gateway, "asleep")
    calls = [asyncio.create_task(chat(http, "asleep", stream=each)) for each in (False, True)]
    await until_waiting(gateway, "asleep", 2)
    await asyncio.sleep(0.4)  # the stream's head is out
    return calls


async def test_calls_that_are_held_are_answered_when_the_signal_comes(
    engine: Engine, told: StopSignal
) -> None:
    async with (
        running_gateway(engine, QUICK, waker=Waking(), stop=told) as gateway,
        client_of(gateway, await gateway.token()) as http,
    ):
        calls = await held(http, gateway)
        signal.raise_signal(signal.SIGTERM)
        document, stream = await asyncio.gather(*calls)
    assert (document.status_code, document.headers["retry-after"]) == (503, "1")
    assert document.json()["error"]["code"] == "gateway_ending"
    assert stream.status_code == 200
    [event] = [line for line in stream.text.splitlines() if line.startswith("data: ")]
    assert json.loads(event.removeprefix("data: "))["error"]["code"] == "gateway_ending"
    assert [call.status for call in gateway.books.calls] == [503, 503]
    assert [kept.settled for kept in gateway.books.permits] == [[(None, 0.0)]] * 2


async def test_a_gateway_that_ends_holds_nobody_more_and_serves_what_is_awake(
    engine: Engine,
) -> None:
    async with (
        running_gateway(engine, QUICK, waker=Waking()) as gateway,
        client_of(gateway, await gateway.token()) as http,
    ):
        await hosted(gateway, "asleep")
        await hosted(gateway, "awake", to(engine))
        waking = gateway.service.gateway.calls.waking
        assert waking
        waking.let_go()
        assert (await chat(http, "asleep")).status_code == 503
        assert (await chat(http, "awake")).status_code == 200
