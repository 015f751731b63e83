"""Which upstream answers: by weight and health, through failures, and each model for itself."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from lisa.bootstrap.gateway import Bounds
from lisa.domain.model import Model, ModelStatus, Timeouts, Upstream
from tests.gateway.running import Running, running_gateway, to
from tests.standins.engine.server import Engine

ASKED = {"messages": [{"role": "user", "content": "hi"}]}
NOBODY = Upstream(id="dead", url="http://127.0.0.1:9/v1")


@pytest.fixture
async def other() -> AsyncIterator[Engine]:
    engine = Engine()
    await engine.come()
    yield engine
    await engine.go()


@pytest.fixture
async def http(gateway: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(gateway, await gateway.token()) as client:
        yield client


def client_of(gateway: Running, token: str) -> httpx.AsyncClient:
    headers = {"authorization": f"Bearer {token}"}
    return httpx.AsyncClient(base_url=gateway.openai, headers=headers, timeout=30)


async def chat(http: httpx.AsyncClient, model: str, **more: Any) -> httpx.Response:
    return await http.post("/chat/completions", json=ASKED | {"model": model} | more)


async def statuses(http: httpx.AsyncClient, model: str, count: int, **more: Any) -> set[int]:
    answers = await asyncio.gather(*(chat(http, model, **more) for _ in range(count)))
    return {answer.status_code for answer in answers}


async def test_two_upstreams_share_the_calls(
    gateway: Running, http: httpx.AsyncClient, engine: Engine, other: Engine
) -> None:
    await gateway.add("pair", to(engine, id="a"), to(other, id="b"))
    assert await statuses(http, "pair", 60, engine={"delay": 0.05}) == {200}
    assert len(engine.seen) > 15
    assert len(other.seen) > 15


async def test_an_upstream_of_weight_zero_rests(
    gateway: Running, http: httpx.AsyncClient, engine: Engine, other: Engine
) -> None:
    await gateway.add("resting", to(engine, id="a", weight=0), to(other, id="b"))
    assert await statuses(http, "resting", 10) == {200}
    assert engine.seen == []


async def test_a_dead_upstream_of_two_costs_no_call(
    gateway: Running, http: httpx.AsyncClient, engine: Engine
) -> None:
    await gateway.add("half", to(engine, id="alive"), NOBODY)
    assert await statuses(http, "half", 50) == {200}
    assert (await chat(http, "half")).headers["x-lisa-tries"] == "1"


async def test_an_upstream_that_dies_under_load_costs_no_call_and_returns(
    gateway: Running, http: httpx.AsyncClient, engine: Engine, other: Engine
) -> None:
    await gateway.add("pair", to(engine, id="a"), to(other, id="b"))
    calls = asyncio.create_task(statuses(http, "pair", 40, engine={"delay": 0.3}))
    await asyncio.sleep(0.1)
    await other.go()
    assert await calls == {200}
    assert await statuses(http, "pair", 20) == {200}
    await other.come()
    other.seen.clear()
    async with asyncio.timeout(10):
        while not any(seen.path.endswith("completions") for seen in other.seen):
            await statuses(http, "pair", 4)
            await asyncio.sleep(0.1)


async def test_a_lone_upstream_serves_again_as_soon_as_it_is_back(
    http: httpx.AsyncClient, engine: Engine
) -> None:
    assert await statuses(http, "tiny", 1) == {200}
    await engine.go()
    down = await chat(http, "tiny")
    assert (down.status_code, down.json()["error"]["code"]) == (503, "upstream_unreachable")
    assert down.headers["retry-after"] == "1"
    assert str(engine.port) not in down.text
    await engine.come()
    assert await statuses(http, "tiny", 1) == {200}


@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_a_busy_upstream_hands_on_to_the_other(
    gateway: Running, http: httpx.AsyncClient, engine: Engine, status: int
) -> None:
    """The engine is asked twice, under two names, as the request itself says what it answers."""
    await gateway.add("pair", to(engine, id="a"), to(engine, id="b"))
    answer = await chat(http, "pair", engine={"status": status})
    assert answer.status_code == status
    assert answer.json()["error"]["message"] == "the engine says no"
    assert len(engine.seen) == 2


@pytest.mark.parametrize("status", [400, 404, 500])
async def test_an_engines_no_is_not_asked_twice(
    gateway: Running, http: httpx.AsyncClient, engine: Engine, status: int
) -> None:
    await gateway.add("pair", to(engine, id="a"), to(engine, id="b"))
    assert (await chat(http, "pair", engine={"status": status})).status_code == status
    assert len(engine.seen) == 1


async def test_our_key_being_refused_is_not_told_as_the_callers(
    http: httpx.AsyncClient, gateway: Running
) -> None:
    answer = await chat(http, "tiny", engine={"status": 401})
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "upstream_refuses_us")
    assert (await gateway.books.last_call()).counts.total == 0
    assert gateway.books.permits[0].settled == [(None, 0.0)]


async def test_a_fallback_answers_where_no_upstream_does(
    gateway: Running, http: httpx.AsyncClient, engine: Engine
) -> None:
    await gateway.add("first", NOBODY, fallbacks=("hidden", "tiny"))
    await gateway.add("hidden", to(engine), groups=frozenset({"elite"}))
    answer = await chat(http, "first")
    assert (answer.status_code, answer.headers["x-lisa-model"]) == (200, "tiny")
    assert engine.seen[-1].says["model"] == "tiny"
    call = await gateway.books.last_call()
    assert (call.model, call.served_by, call.tries) == ("first", "tiny", 2)
    assert [permit.settled[0][0] is None for permit in gateway.books.permits] == [True, False]


async def test_a_model_that_is_not_in_service_says_so(
    gateway: Running, http: httpx.AsyncClient, engine: Engine
) -> None:
    await gateway.add("off", to(engine), status=ModelStatus.STOPPED)
    answer = await chat(http, "off")
    assert answer.status_code == 503
    assert "Stopped" in answer.json()["error"]["message"]
    assert "retry-after" in answer.headers


async def test_a_hanging_model_slows_no_other(
    gateway: Running, http: httpx.AsyncClient, other: Engine
) -> None:
    await gateway.add("hanging", to(other, concurrent=5))
    waiting = [asyncio.create_task(chat(http, "hanging", engine={"hang": True})) for _ in range(40)]
    await asyncio.sleep(0.2)
    async with asyncio.timeout(5):
        assert await statuses(http, "tiny", 40) == {200}
    assert other.under_way == 5
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert await gateway.quiet()


async def test_calls_over_an_upstreams_number_wait_in_line(
    gateway: Running, http: httpx.AsyncClient, engine: Engine
) -> None:
    await gateway.add("narrow", to(engine, concurrent=2))
    most = 0
    calls = asyncio.create_task(statuses(http, "narrow", 12, engine={"delay": 0.05}))
    while not calls.done():
        most = max(most, engine.under_way)
        await asyncio.sleep(0.005)
    assert await calls == {200}
    assert most == 2


async def test_a_full_line_refuses_and_a_long_wait_ends(engine: Engine) -> None:
    async with (
        running_gateway(engine, Bounds(longest_queue=2, patience=0.2)) as gateway,
        client_of(gateway, await gateway.token()) as http,
    ):
        await gateway.add("narrow", to(engine, concurrent=1))
        answers = await asyncio.gather(
            *(chat(http, "narrow", engine={"delay": 0.6}) for _ in range(6))
        )
        told = sorted(answer.status_code for answer in answers)
        assert told == [200, 503, 503, 503, 503, 503]
        busy = next(answer for answer in answers if answer.status_code == 503)
        assert busy.json()["error"]["code"] == "model_overloaded"
        assert busy.headers["retry-after"] == "1"
        assert await gateway.quiet()
        assert await statuses(http, "narrow", 1) == {200}


async def test_a_change_of_the_catalogue_arrives_within_two_seconds(
    gateway: Running, http: httpx.AsyncClient, engine: Engine
) -> None:
    now = gateway.clock.now()
    model = Model(id="new", upstreams=(to(engine),), created=now, changed=now)
    await gateway.models.add(model)
    async with asyncio.timeout(2):
        while (await chat(http, "new")).status_code != 200:  # noqa: ASYNC110 - over HTTP
            await asyncio.sleep(0.05)


async def test_a_stale_connection_costs_no_call(
    gateway: Running, http: httpx.AsyncClient, engine: Engine
) -> None:
    """An engine that hangs up an idle connection just as it is used again."""
    await gateway.add("lone", to(engine), timeouts=Timeouts(connect=1))
    assert await statuses(http, "lone", 8) == {200}
    for connection in [*engine.connections]:
        connection.hang_up()
    assert await statuses(http, "lone", 8) == {200}
