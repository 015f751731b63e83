"""What passes through the gateway, what doesn't, and what happens when somebody hangs up."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from lisa.domain.model import Prices, Timeouts
from tests.gateway.running import PAGE, Running, running_gateway, to
from tests.standins.engine.server import Engine

ASKED = {"model": "tiny", "messages": [{"role": "user", "content": "hi"}]}


@pytest.fixture
async def http(gateway: Running) -> AsyncIterator[httpx.AsyncClient]:
    token = await gateway.token()
    async with httpx.AsyncClient(
        base_url=gateway.openai, headers={"authorization": f"Bearer {token}"}
    ) as client:
        yield client


async def chat(http: httpx.AsyncClient, **more: Any) -> httpx.Response:
    return await http.post("/chat/completions", json=ASKED | more)


async def test_the_callers_secrets_go_no_further(http: httpx.AsyncClient, engine: Engine) -> None:
    theirs = {"cookie": "a=b", "x-api-key": "k", "api-key": "k", "x-forwarded-for": "1.2.3.4"}
    await http.post("/chat/completions", json=ASKED, headers=theirs)
    sent = engine.seen[-1].headers
    assert sent["authorization"] == "Bearer upstream-key"
    assert not theirs.keys() & sent.keys()


async def test_an_engines_own_headers_come_no_further(http: httpx.AsyncClient) -> None:
    answer = await chat(http, stream=True)
    assert "set-cookie" not in answer.headers
    assert answer.headers["server"] == "uvicorn"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_an_answer_says_who_gave_it(http: httpx.AsyncClient) -> None:
    http.headers["x-request-id"] = "my-request-1"
    headers = (await chat(http)).headers
    assert (headers["x-lisa-model"], headers["x-lisa-upstream"]) == ("tiny", "main")
    assert headers["x-lisa-tries"] == "1"
    assert headers["x-lisa-ms"].isdigit()
    assert headers["x-request-id"] == "my-request-1"
    assert headers["x-ratelimit-remaining-requests"] == "41"


async def test_a_body_is_passed_on_byte_by_byte(http: httpx.AsyncClient, engine: Engine) -> None:
    body = '{ "messages":[ ],"x":1.0,\t"model" : "tiny", "é":"\\u00e9" }'.encode()
    await http.post("/chat/completions", content=body)
    assert engine.seen[-1].body == body


async def test_only_the_model_changes_where_an_engine_knows_it_by_another_name(
    http: httpx.AsyncClient, engine: Engine, gateway: Running
) -> None:
    await gateway.add("mine", to(engine, target="theirs/ü"))
    body = b'{"tools":[{"model":"mine"}], "model" : "mine" ,"n":1e0}'
    await http.post("/chat/completions", content=body)
    expected = body.replace(b'"model" : "mine"', b'"model" : "theirs/\\u00fc"')
    assert engine.seen[-1].body == expected


async def test_a_stream_keeps_its_bytes(http: httpx.AsyncClient, engine: Engine) -> None:
    asked = {"stream": True, "stream_options": {"include_usage": True}}
    through = await chat(http, **asked)
    async with httpx.AsyncClient(base_url=engine.url) as direct:
        assert through.content == (await chat(direct, **asked)).content
        unasked = await chat(direct, stream=True)
    assert (await chat(http, stream=True)).content == unasked.content


@pytest.mark.parametrize("options", [None, {}, {"include_usage": False, "other": 1}])
async def test_usage_that_nobody_asked_for_is_kept_for_the_record(
    http: httpx.AsyncClient, engine: Engine, gateway: Running, options: object
) -> None:
    answer = await chat(http, stream=True, stream_options=options)
    assert b"prompt_tokens" not in answer.content
    assert answer.content.endswith(b"data: [DONE]\n\n")
    assert engine.seen[-1].says["stream_options"]["include_usage"] is True
    call = await gateway.books.last_call()
    assert (call.counts.prompt, call.counts.completion, call.counts.estimated) == (11, 5, False)


async def test_a_record_says_what_a_call_used_and_cost(
    http: httpx.AsyncClient, engine: Engine, gateway: Running
) -> None:
    prices = Prices(prompt=1000, completion=2000, cached_prompt=100, source="a list")
    await gateway.add("priced", to(engine), prices=prices)
    await chat(http, model="priced")
    call = await gateway.books.last_call()
    assert (call.subject, call.model, call.endpoint, call.status) == (
        "alice",
        "priced",
        "chat",
        200,
    )
    assert (call.counts.cached, call.counts.reasoning, call.ended) == (3, 1, "done")
    assert call.cost == pytest.approx((8 * 1000 + 3 * 100 + 5 * 2000) / 1e6)
    assert call.price_source == "a list"
    assert gateway.books.permits[0].settled == [(call.counts, call.cost)]


async def test_what_an_engine_does_not_report_is_estimated(
    http: httpx.AsyncClient, gateway: Running
) -> None:
    await chat(http, stream=True, engine={"silent_on_usage": True, "tokens": 20})
    counts = (await gateway.books.last_call()).counts
    assert counts.estimated
    assert counts.prompt > 0
    assert counts.completion >= 20


async def test_a_caller_who_hangs_up_ends_the_engines_work(
    http: httpx.AsyncClient, engine: Engine, gateway: Running
) -> None:
    how = {"tokens": 1000, "pause": 0.05}
    body = ASKED | {"stream": True, "engine": how}
    async with http.stream("POST", "/chat/completions", json=body) as answer:
        async for _ in answer.aiter_lines():
            break
    call = await gateway.books.last_call()
    assert (call.ended, call.status, call.counts.estimated) == ("gone", 200, True)
    assert await gateway.quiet()
    assert await engine.quiet()
    assert engine.hung_up_on == 1


async def test_a_caller_who_hangs_up_before_the_answer_is_charged_what_was_reserved(
    http: httpx.AsyncClient, engine: Engine, gateway: Running
) -> None:
    with pytest.raises(httpx.ReadTimeout):
        await http.post(
            "/chat/completions",
            json=ASKED | {"engine": {"hang": True}, "max_tokens": 50},
            timeout=0.3,
        )
    call = await gateway.books.last_call()
    assert (call.ended, call.status, call.counts.completion) == ("gone", 499, 50)
    assert await gateway.quiet()
    assert await engine.quiet()


async def test_hundreds_who_hang_up_leave_nothing_behind(
    http: httpx.AsyncClient, engine: Engine, gateway: Running
) -> None:
    async def give_up(client: httpx.AsyncClient) -> None:
        body = ASKED | {"engine": {"hang": True}}
        with pytest.raises(httpx.TimeoutException):
            await client.post("/chat/completions", json=body, timeout=0.5)

    before = len(asyncio.all_tasks())
    many = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(
        base_url=gateway.openai, headers=http.headers, limits=many
    ) as client:
        await asyncio.gather(*(give_up(client) for _ in range(200)))
    assert await engine.quiet()
    assert await gateway.quiet()
    assert len(gateway.books.calls) == len(gateway.books.permits)
    assert all(len(permit.settled) == 1 for permit in gateway.books.permits)
    await asyncio.sleep(0.1)
    assert len(asyncio.all_tasks()) <= before


async def test_a_silent_engine_is_given_up_after_its_time(
    http: httpx.AsyncClient, engine: Engine, gateway: Running
) -> None:
    hasty = Timeouts(connect=0.1, first_byte=0.1, idle=0.2)
    await gateway.add("hasty", to(engine), timeouts=hasty)
    answer = await chat(http, model="hasty", engine={"hang": True})
    assert (answer.status_code, answer.json()["error"]["code"]) == (504, "upstream_silent")
    paused = await chat(http, model="hasty", stream=True, engine={"pause": 1})
    assert b"fell silent" in paused.content
    assert gateway.books.calls[-1].ended == "cut"


@pytest.mark.parametrize("split", [None, 1])
@pytest.mark.parametrize(
    ("path", "events"), [("chat/completions", 4), ("completions", 2), ("messages", 6)]
)
async def test_a_stream_that_ends_too_early_is_cut_and_says_so(
    http: httpx.AsyncClient, gateway: Running, path: str, events: int, split: int | None
) -> None:
    how = {"end_after": events, "split": split}
    asked = ASKED | {"stream": True, "prompt": "hi", "max_tokens": 9, "engine": how}
    answer = await http.post(f"/{path}", json=asked)
    assert answer.status_code == 200
    assert "broke off" in answer.text
    call = await gateway.books.last_call()
    assert (call.ended, call.counts.prompt > 0) == ("cut", True)


@pytest.mark.parametrize("split", [None, 1])
@pytest.mark.parametrize("path", ["chat/completions", "completions", "messages"])
async def test_a_stream_that_ends_as_it_should_is_done(
    http: httpx.AsyncClient, gateway: Running, path: str, split: int | None
) -> None:
    asked = ASKED | {"stream": True, "prompt": "hi", "max_tokens": 9, "engine": {"split": split}}
    assert "error" not in (await http.post(f"/{path}", json=asked)).text
    assert (await gateway.books.last_call()).ended == "done"


async def test_an_engine_that_never_sends_the_last_event_may_end_with_a_reason(
    http: httpx.AsyncClient, gateway: Running
) -> None:
    answer = await chat(http, stream=True, engine={"end_after": 8})  # all but `[DONE]`
    assert "DONE" not in answer.text
    assert "error" not in answer.text
    assert (await gateway.books.last_call()).ended == "done"


async def test_a_slow_reader_slows_the_engine_down(
    gateway: Running, http: httpx.AsyncClient
) -> None:
    """Most of it waits at the engine, not in our memory, until the caller reads on."""
    size = 48 * 1024 * 1024
    body = ASKED | {"engine": {"size": size}}
    async with http.stream("POST", "/audio/speech", json=body) as answer:
        pieces = answer.aiter_raw(65536)
        read = len(await anext(pieces))
        await asyncio.sleep(0.5)
        assert not gateway.books.calls
        async for piece in pieces:
            read += len(piece)
    assert read == size
    assert (await gateway.books.last_call()).ended == "done"


async def test_a_page_of_a_listed_origin_may_ask_and_others_may_not(gateway: Running) -> None:
    asked = {"access-control-request-method": "POST", "access-control-request-headers": "x-a"}
    async with httpx.AsyncClient(base_url=gateway.openai) as page:
        for origin, allowed in ((PAGE, PAGE), ("https://evil.example", None)):
            answer = await page.options("/models", headers=asked | {"origin": origin})
            assert answer.status_code == 204
            assert answer.headers.get("access-control-allow-origin") == allowed
        refused = await page.get("/models", headers={"origin": PAGE})
    assert refused.headers["access-control-allow-origin"] == PAGE


async def test_streams_are_finished_when_the_server_is_told_to_stop(engine: Engine) -> None:
    async with running_gateway(engine) as gateway:
        token = await gateway.token()
        client = httpx.AsyncClient(headers={"authorization": f"Bearer {token}"})
        body = ASKED | {"stream": True, "engine": {"pause": 0.1}}
        request = client.build_request("POST", f"{gateway.openai}/chat/completions", json=body)
        answer = await client.send(request, stream=True)
    assert (await answer.aread()).endswith(b"data: [DONE]\n\n")
    await client.aclose()
