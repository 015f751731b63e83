"""Calls to a model that stands still: woken once, held, and told the truth where it can't come."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from lisa.bootstrap.gateway import Bounds
from lisa.domain.errors import Unavailable
from lisa.domain.model import ModelStatus, Timeouts
from lisa.gateway.waking import WakingBounds
from tests.gateway.hosted import (
    ASKED,
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

QUICK = WakingBounds(longest=20, silent=0.2, sign_every=0.1)
HASTY = WakingBounds(longest=0.5, silent=0.1, sign_every=0.1)
NARROW = WakingBounds(longest=20, silent=10, most=2)
REASON = "wait until ready: the weights are torn"


@pytest.fixture
def waker() -> Waking:
    return Waking()


@pytest.fixture
async def gateway(engine: Engine, waker: Waking) -> AsyncIterator[Running]:
    async with running_gateway(engine, Bounds(waking=QUICK), waker=waker) as running:
        yield running


@pytest.fixture
async def http(gateway: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(gateway, await gateway.token()) as client:
        yield client


def error_in(stream: str) -> Any:
    """Return what the last event of a stream says is wrong."""
    data = [line for line in stream.splitlines() if line.startswith("data: ")]
    return json.loads(data[-1].removeprefix("data: "))["error"]


async def test_fifty_callers_wake_a_model_once_and_are_all_answered(
    gateway: Running, http: httpx.AsyncClient, waker: Waking, engine: Engine
) -> None:
    await hosted(gateway, "asleep")
    waker.takes = 0.2
    calls = [asyncio.create_task(chat(http, "asleep", stream=n % 2 == 0)) for n in range(50)]
    await until_waiting(gateway, "asleep", 50)
    await gateway.change("asleep", status=ModelStatus.STARTING, reason="ensure host")
    assert engine.seen == []
    await comes(gateway, "asleep", to(engine))
    answers = await asyncio.gather(*calls)
    assert {answer.status_code for answer in answers} == {200}
    assert {"error" in answer.text for answer in answers} == {False}
    assert waker.asked == [("alice", "asleep")]
    assert waiting(gateway, "asleep") == 0


async def test_a_stream_is_silent_at_first_then_shows_life_then_answers_as_usual(
    gateway: Running, http: httpx.AsyncClient, engine: Engine
) -> None:
    await hosted(gateway, "asleep")
    body = ASKED | {"model": "asleep", "stream": True}
    async with http.stream("POST", "/chat/completions", json=body) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["x-lisa-model"] == "asleep"
        assert answer.headers["x-ratelimit-remaining-requests"] == "41"
        lines = answer.aiter_lines()
        assert [await anext(lines) for _ in range(4)] == [": waking asleep", ""] * 2
        assert gateway.books.calls == []
        await comes(gateway, "asleep", to(engine))
        rest = [line async for line in lines if not line.startswith(": waking")]
    usual = await chat(http, "asleep", stream=True)
    events = [line for line in rest if line]
    assert events == [line for line in usual.text.splitlines() if line]
    call = await gateway.books.last_call()
    assert (call.status, call.ended, call.streamed, call.counts.completion) == (
        200,
        "done",
        True,
        5,
    )


async def test_a_model_that_comes_soon_is_answered_without_any_sign(
    gateway: Running, http: httpx.AsyncClient, engine: Engine
) -> None:
    await hosted(gateway, "asleep")
    call = asyncio.create_task(chat(http, "asleep", stream=True))
    await until_waiting(gateway, "asleep", 1)
    await comes(gateway, "asleep", to(engine))
    answer = await call
    assert "waking" not in answer.text
    assert answer.headers["x-lisa-upstream"] == "main"


@pytest.mark.parametrize("path", ["chat/completions", "messages"])
async def test_at_the_end_of_patience_a_stream_that_has_begun_says_so_in_an_event(
    engine: Engine, waker: Waking, path: str
) -> None:
    async with running_gateway(engine, Bounds(waking=HASTY), waker=waker) as gateway:
        await hosted(gateway, "asleep")
        async with client_of(gateway, await gateway.token()) as http:
            asked = ASKED | {"model": "asleep", "stream": True, "max_tokens": 5}
            answer = await http.post(f"/{path}", json=asked)
        assert answer.status_code == 200
        assert answer.text.startswith(": waking asleep\n\n")
        assert ("event: error\n" in answer.text) == (path == "messages")
        assert "hasn't started within 0.5 s; it is Stopped" in error_in(answer.text)["message"]
        call = await gateway.books.last_call()
        assert (call.status, call.ended, call.counts.total) == (503, "failed", 0)


async def test_at_the_end_of_patience_who_asked_for_no_stream_is_told_by_status(
    engine: Engine, waker: Waking
) -> None:
    async with running_gateway(engine, Bounds(waking=HASTY), waker=waker) as gateway:
        await hosted(gateway, "asleep")
        async with client_of(gateway, await gateway.token()) as http:
            answer = await chat(http, "asleep")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
        error = answer.json()["error"]
        assert error["code"] == "model_not_in_service"
        assert error["message"].endswith("try again in a minute")


async def test_no_call_is_held_longer_than_its_model_lets_calls_take(
    gateway: Running, http: httpx.AsyncClient
) -> None:
    await hosted(gateway, "hasty", timeouts=Timeouts(total=0.3))
    assert "within 0.3 s" in (await chat(http, "hasty")).json()["error"]["message"]


async def test_a_caller_who_hangs_up_leaves_the_line_and_pays_nothing(
    gateway: Running, http: httpx.AsyncClient, engine: Engine
) -> None:
    await hosted(gateway, "asleep")
    with pytest.raises(httpx.ReadTimeout):
        await http.post("/chat/completions", json=ASKED | {"model": "asleep"}, timeout=0.4)
    await until_waiting(gateway, "asleep", 0)
    call = await gateway.books.last_call()
    assert (call.status, call.ended, call.counts.total, call.cost) == (499, "gone", 0, 0)
    assert gateway.books.permits[0].settled == [(None, 0.0)]
    await comes(gateway, "asleep", to(engine))
    assert (await chat(http, "asleep")).status_code == 200
    assert len(engine.seen) == 1


async def test_only_so_many_wait_for_a_model(engine: Engine, waker: Waking) -> None:
    async with (
        running_gateway(engine, Bounds(waking=NARROW), waker=waker) as gateway,
        client_of(gateway, await gateway.token()) as http,
    ):
        await hosted(gateway, "asleep")
        held = [asyncio.create_task(chat(http, "asleep")) for _ in range(2)]
        await until_waiting(gateway, "asleep", 2)
        refused = await chat(http, "asleep")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "30")
        assert refused.json()["error"]["code"] == "model_overloaded"
        await comes(gateway, "asleep", to(engine))
        assert {(await each).status_code for each in held} == {200}


@pytest.mark.parametrize("streams", [False, True])
async def test_a_model_that_fails_while_it_is_waited_for_is_told_at_once_with_its_reason(
    gateway: Running, http: httpx.AsyncClient, *, streams: bool
) -> None:
    await hosted(gateway, "asleep")
    call = asyncio.create_task(chat(http, "asleep", stream=streams))
    await until_waiting(gateway, "asleep", 1)
    await asyncio.sleep(0.4)  # the stream's head is out
    await gateway.change("asleep", status=ModelStatus.FAILED, reason=REASON)
    answer = await call
    assert answer.status_code == (200 if streams else 503)
    error = error_in(answer.text) if streams else answer.json()["error"]
    assert error["message"].startswith(f"the model `asleep` is Failed: {REASON}; ask an admin")
    assert (await gateway.books.last_call()).status == 503


@pytest.mark.parametrize(
    ("status", "helps"),
    [
        (ModelStatus.DELETING, "another model"),
        (ModelStatus.FAILED, "administrator"),
    ],
)
async def test_a_model_that_can_t_be_woken_now_says_where_it_is_and_what_helps(
    gateway: Running, http: httpx.AsyncClient, waker: Waking, status: ModelStatus, helps: str
) -> None:
    await hosted(gateway, "elsewhere", status=status, reason="because")
    answer = await chat(http, "elsewhere", stream=True)
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 1
    message = answer.json()["error"]["message"]
    assert f"is {status}: because; " in message
    assert helps in message
    assert waker.asked == []


@pytest.mark.parametrize(
    "status", [ModelStatus.STARTING, ModelStatus.CREATING, ModelStatus.UPDATING]
)
async def test_a_model_on_its_way_is_waited_for_and_not_woken(
    gateway: Running,
    http: httpx.AsyncClient,
    waker: Waking,
    engine: Engine,
    status: ModelStatus,
) -> None:
    await hosted(gateway, "coming", status=status)
    call = asyncio.create_task(chat(http, "coming"))
    await until_waiting(gateway, "coming", 1)
    await comes(gateway, "coming", to(engine))
    assert (await call).status_code == 200
    assert waker.asked == []


async def test_a_model_that_is_stopping_is_waited_for_and_then_woken_once(
    gateway: Running, http: httpx.AsyncClient, waker: Waking, engine: Engine
) -> None:
    await hosted(gateway, "going", status=ModelStatus.STOPPING, reason="idle for 30 min")
    calls = [asyncio.create_task(chat(http, "going", stream=n % 2 == 0)) for n in range(20)]
    await until_waiting(gateway, "going", 20)
    assert waker.asked == []
    await gateway.change("going", status=ModelStatus.STOPPED)
    async with asyncio.timeout(10):
        while not waker.asked:  # noqa: ASYNC110 - the waker tells nobody
            await asyncio.sleep(0.01)
    await gateway.change("going", status=ModelStatus.STARTING)
    await comes(gateway, "going", to(engine))
    answers = await asyncio.gather(*calls)
    assert {(each.status_code, "error" in each.text) for each in answers} == {(200, False)}
    assert waker.asked == [("alice", "going")]


async def test_who_may_not_call_a_model_doesn_t_wake_it(
    gateway: Running, http: httpx.AsyncClient, waker: Waking
) -> None:
    await hosted(gateway, "hidden", groups=frozenset({"elite"}))
    await hosted(gateway, "asleep")
    assert (await chat(http, "hidden")).status_code == 404
    gateway.books.denied.add("alice")
    refused = await chat(http, "asleep", stream=True)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "7")
    assert waker.asked == []


async def test_a_model_that_is_closed_to_the_caller_meanwhile_is_not_answered(
    gateway: Running, http: httpx.AsyncClient, engine: Engine
) -> None:
    await hosted(gateway, "asleep")
    call = asyncio.create_task(chat(http, "asleep"))
    await until_waiting(gateway, "asleep", 1)
    await gateway.change("asleep", groups=frozenset({"elite"}))
    await comes(gateway, "asleep", to(engine))
    assert (await call).status_code == 404
    assert engine.seen == []


async def test_models_of_others_are_not_woken(
    gateway: Running, http: httpx.AsyncClient, waker: Waking, engine: Engine
) -> None:
    await gateway.add("off", to(engine), status=ModelStatus.STOPPED)
    answer = await chat(http, "off")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert "is Stopped; try again when it is InService" in answer.json()["error"]["message"]
    assert waker.asked == []


async def test_without_anybody_who_wakes_a_stopped_model_says_so(engine: Engine) -> None:
    async with (
        running_gateway(engine) as gateway,
        client_of(gateway, await gateway.token()) as http,
    ):
        await hosted(gateway, "asleep")
        answer = await chat(http, "asleep")
    assert answer.status_code == 503
    assert "is Stopped" in answer.json()["error"]["message"]


async def test_a_model_that_nobody_can_start_says_why_and_the_next_call_tries_again(
    gateway: Running, http: httpx.AsyncClient, waker: Waking, engine: Engine
) -> None:
    await hosted(gateway, "asleep")
    waker.failure = Unavailable("the table is away", next_step="wait a moment")
    answers = await asyncio.gather(*(chat(http, "asleep") for _ in range(5)))
    assert {answer.status_code for answer in answers} == {503}
    assert "can't be started: the table is away; wait a mom" in answers[0].text
    waker.failure = None
    call = asyncio.create_task(chat(http, "asleep"))
    await until_waiting(gateway, "asleep", 1)
    await comes(gateway, "asleep", to(engine))
    assert (await call).status_code == 200


async def test_a_fallback_answers_at_once_while_the_model_is_woken(
    gateway: Running, http: httpx.AsyncClient, waker: Waking
) -> None:
    await hosted(gateway, "asleep", fallbacks=("tiny",))
    answer = await chat(http, "asleep")
    assert (answer.status_code, answer.headers["x-lisa-model"]) == (200, "tiny")
    assert waker.asked == [("alice", "asleep")]


async def test_an_engine_s_no_after_a_stream_has_begun_is_an_event_of_it(
    gateway: Running, http: httpx.AsyncClient, engine: Engine
) -> None:
    await hosted(gateway, "asleep")
    call = asyncio.create_task(chat(http, "asleep", stream=True, engine={"status": 400}))
    await until_waiting(gateway, "asleep", 1)
    await asyncio.sleep(0.4)
    await comes(gateway, "asleep", to(engine))
    answer = await call
    assert answer.status_code == 200
    assert error_in(answer.text)["message"] == "the engine says no"
    assert (await gateway.books.last_call()).status == 400
