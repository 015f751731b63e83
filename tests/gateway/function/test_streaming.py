"""The gateway's own loop against a Runtime API: pieces, ends of all kinds, nothing left behind."""

import asyncio
import base64
from typing import Any

import pytest

from lisa.domain.model import Model, Prices, Upstream
from lisa.stores.models import ModelStore
from tests.gateway.function.running import ASKED, Functioning
from tests.standins.engine.answers import WORDS
from tests.standins.engine.server import Engine

SAID = "".join(WORDS)
END = b"data: [DONE]\n\n"


async def test_an_answer_comes_with_status_headers_and_body(gateway: Functioning) -> None:
    call = await gateway.chat()

    assert call.head
    assert call.status == 200
    assert call.says["choices"][0]["message"]["content"] == SAID
    headers = call.head["headers"]
    assert headers["content-type"] == "application/json"
    assert headers["x-lisa-model"] == "tiny"
    assert not {"content-length", "transfer-encoding", "connection"} & headers.keys()
    assert call.trailers == {}


async def test_the_models_are_those_there_are_at_each_call(
    gateway: Functioning, engine: Engine
) -> None:
    first = await gateway.runtime.whole(gateway.event("/v1/models"))
    await gateway.add("later", engine)
    then = await gateway.runtime.whole(gateway.event("/v1/models"))

    assert [each["id"] for each in first.says["data"]] == ["tiny"]
    assert [each["id"] for each in then.says["data"]] == ["later", "tiny"]


async def test_pieces_arrive_before_the_end(gateway: Functioning, engine: Engine) -> None:
    call = await gateway.begin_chat(stream=True, engine={"held": 3})
    await call.until(b"Hello")

    assert not call.ended.is_set()
    engine.go_on.set()
    await gateway.runtime.done(call)
    assert call.head
    assert call.head["headers"]["content-type"].startswith("text/event-stream")
    assert call.body.endswith(END)


async def test_what_was_used_is_stored_when_the_next_call_is_asked_for(
    gateway: Functioning,
) -> None:
    await gateway.chat()
    assert [each.counts.completion for each in await gateway.used()] == [len(WORDS)]
    await gateway.chat(stream=True)
    assert [each.status for each in await gateway.used()] == [200, 200]


async def test_nothing_is_under_way_while_the_process_may_be_frozen(gateway: Functioning) -> None:
    before = asyncio.all_tasks()
    await gateway.chat()
    await gateway.runtime.whole(gateway.event("/v1/responses", {"model": "tiny", "input": "Hi"}))

    assert {task for task in asyncio.all_tasks() - before if "answer_all" in repr(task)} == set()
    ours = [task for task in asyncio.all_tasks() - before if "lisa" in repr(task.get_coro())]
    assert ours == []


async def test_a_slot_and_the_rest_of_a_budget_are_free_for_other_sandboxes_at_once(
    gateway: Functioning, engine: Engine
) -> None:
    await gateway.sign_in(concurrent_requests=1, budget_usd_per_day=0.008)
    await gateway.add("rare", engine, prices=Prices(prompt=1, completion=1))

    statuses = [(await gateway.chat(model="rare", max_tokens=5000)).status for _ in range(5)]
    assert statuses == [200] * 5
    assert not any(each.unsettled for each in await gateway.used())


async def test_errors_before_the_answer_keep_status_and_shape(gateway: Functioning) -> None:
    unknown = await gateway.chat(model="nobody")
    silent = gateway.event("/v1/models", headers={"Authorization": "Bearer wrong"})
    refused = await gateway.runtime.whole(silent)

    assert (unknown.status, unknown.says["error"]["code"]) == (404, "model_not_found")
    assert refused.status == 401


async def test_a_stream_that_breaks_ends_with_an_error_event(gateway: Functioning) -> None:
    call = await gateway.chat(stream=True, engine={"break_after": 2})

    assert call.status == 200
    assert b'"error"' in call.body.rpartition(b"data: ")[2]
    assert not call.body.endswith(END)


async def half_a_document(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: audio/mpeg\r\ncontent-length: 100\r\n\r\nhalf")
    await writer.drain()
    writer.close()


async def test_a_document_that_breaks_off_says_so_in_trailers(gateway: Functioning) -> None:
    async with await asyncio.start_server(half_a_document, "127.0.0.1", 0) as upstream:
        url = f"http://127.0.0.1:{upstream.sockets[0].getsockname()[1]}/v1"
        now = gateway.ports.clock.now()
        model = Model(id="half", upstreams=(Upstream(url=url),), created=now, changed=now)
        await ModelStore(gateway.ports.tables).add(model)
        event = gateway.event("/v1/audio/speech", {"model": "half", "input": "x", "voice": "x"})
        call = await gateway.runtime.whole(event)

    assert (call.status, call.body) == (200, b"half")
    assert call.error["errorType"] == "LISA.Incomplete"


async def test_where_nobody_takes_the_answer_the_model_is_told_to_stop(
    gateway: Functioning, engine: Engine
) -> None:
    long = {"tokens": 10_000, "pause": 0.01}
    event = gateway.event("/v1/chat/completions", ASKED | {"stream": True, "engine": long})
    call = await gateway.runtime.whole(event, hangs_up_after=500)

    assert call.status == 200
    assert await engine.quiet()
    assert engine.hung_up_on == 1
    assert [each.ended for each in await gateway.used()] == ["gone"]


@pytest.mark.parametrize(("streams", "status"), [(False, 504), (True, 200)])
async def test_a_call_ends_before_its_function_would_be_killed(
    gateway: Functioning, engine: Engine, *, streams: bool, status: int
) -> None:
    slow = {"tokens": 10_000, "pause": 0.05} if streams else {"hang": True}
    call = await gateway.chat(seconds=3, stream=streams, engine=slow)

    assert call.status == status
    assert b"was not complete" in call.body.rpartition(b"data: ")[2]
    assert await engine.quiet()
    assert len(await gateway.used()) == 1


async def test_a_turn_ends_before_its_function_would_be_killed_and_says_so(
    gateway: Functioning,
) -> None:
    slow = {"lisa": {"chat": {"engine": {"tokens": 10_000, "pause": 0.05}}}}
    event = gateway.event("/v1/responses", {"model": "tiny", "input": "Hi", "stream": True, **slow})
    call = await gateway.runtime.whole(event, seconds=4)

    assert b"event: response.incomplete" in call.body
    assert b'"time_limit"' in call.body


async def test_a_turn_in_the_background_goes_on_until_it_has_ended(gateway: Functioning) -> None:
    slow = {"lisa": {"chat": {"engine": {"pause": 0.1}}}}
    asked = {"model": "tiny", "input": "Hi", "background": True, **slow}
    begun = await gateway.runtime.whole(gateway.event("/v1/responses", asked))
    assert begun.says["status"] in {"queued", "in_progress"}

    kept = await gateway.runtime.whole(gateway.event(f"/v1/responses/{begun.says['id']}"))
    assert kept.says["status"] == "completed"


async def test_paths_and_bodies_are_read_as_api_gateway_writes_them(gateway: Functioning) -> None:
    body = base64.b64encode(b'{"model": "tiny", "messages": []}').decode()
    event = gateway.event("/api/v1/chat/completions", {}, body=body, isBase64Encoded=True)
    call = await gateway.runtime.whole(event)

    assert call.says["choices"][0]["message"]["content"] == SAID


async def test_calls_come_one_after_the_other(gateway: Functioning) -> None:
    calls: list[Any] = [await gateway.begin_chat() for _ in range(20)]
    for call in calls:
        async with asyncio.timeout(20):
            await call.ended.wait()
    await gateway.runtime.done(calls[-1])

    assert {call.status for call in calls} == {200}
    assert len(await gateway.used()) == 20
