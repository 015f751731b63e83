"""Spans of calls: what a collector is told, whose trace they continue, and what they never cost."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from lisa.bootstrap.tracing import traces_endpoint, tracing_of
from tests.gateway.running import Running, running_gateway, to
from tests.standins.collector.server import Collector, Seen, running_collector
from tests.standins.engine.server import Engine

ASKED = {"model": "tiny", "messages": [{"role": "user", "content": "a secret word"}]}
CHAT = "/v1/chat/completions"
TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
CLIENT = 3  # the kind's number
NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with running_collector() as collector:
        yield collector


@asynccontextmanager
async def traced(engine: Engine, url: str) -> AsyncIterator[tuple[Running, httpx.AsyncClient]]:
    """Serve a gateway that sends its spans there."""
    tracing = tracing_of({"OTEL_EXPORTER_OTLP_ENDPOINT": url})
    async with running_gateway(engine, tracing=tracing) as gateway:
        headers = {"authorization": f"Bearer {await gateway.token()}"}
        async with httpx.AsyncClient(base_url=gateway.url, headers=headers) as http:
            yield gateway, http


async def spans_after(
    collector: Collector, engine: Engine, *asked: tuple[str, dict[str, Any]], **headers: str
) -> list[Seen]:
    """Make these calls, one after the other; what waits is sent when the gateway stops."""
    async with traced(engine, collector.url) as (_, http):
        for path, body in asked:
            await http.post(path, json=body, headers=headers)
    return collector.spans


async def test_a_call_is_one_span_that_continues_the_callers_trace(
    collector: Collector, engine: Engine
) -> None:
    parent = f"00-{TRACE}-{PARENT}-01"
    [span] = await spans_after(
        collector, engine, (CHAT, ASKED), traceparent=parent, tracestate="a=b"
    )
    assert (span.name, span.kind, span.service) == ("chat tiny", CLIENT, "lisa-gateway")
    assert (span.trace, span.parent) == (TRACE, PARENT)
    sent = engine.seen[-1].headers
    assert (sent["traceparent"], sent["tracestate"]) == (f"00-{TRACE}-{span.id}-01", "a=b")


async def test_a_span_speaks_the_conventions_words(collector: Collector, engine: Engine) -> None:
    [span] = await spans_after(collector, engine, (CHAT, ASKED))
    told = {name: span.says[name] for name in sorted(span.says) if not name.startswith("lisa.")}
    assert told == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "tiny",
        "gen_ai.request.stream": False,
        "gen_ai.response.model": "tiny",
        "gen_ai.usage.cache_read.input_tokens": 3,
        "gen_ai.usage.input_tokens": 11,
        "gen_ai.usage.output_tokens": 5,
        "gen_ai.usage.reasoning.output_tokens": 1,
        "http.response.status_code": 200,
        "server.address": "127.0.0.1",
        "server.port": engine.port,
    }
    assert not span.failed
    assert span.parent == ""


async def test_a_stream_s_span_lasts_until_its_end(collector: Collector, engine: Engine) -> None:
    body = ASKED | {"stream": True, "engine": {"pause": 0.02}}
    [span] = await spans_after(collector, engine, (CHAT, body))
    first = span.says["gen_ai.response.time_to_first_chunk"] * 1000
    assert 0 < first < span.milliseconds
    assert span.milliseconds > 6 * 20
    assert span.says["gen_ai.usage.output_tokens"] == 5


async def test_a_failure_is_marked_and_named(collector: Collector, engine: Engine) -> None:
    broken = ASKED | {"engine": {"status": 500}}
    cut = ASKED | {"stream": True, "engine": {"break_after": 2}}
    refused, broke_off = await spans_after(collector, engine, (CHAT, broken), (CHAT, cut))
    assert (refused.failed, refused.says["error.type"]) == (True, "500")
    assert (broke_off.failed, broke_off.says["error.type"]) == (True, "cut")


async def test_every_endpoint_has_its_operation(collector: Collector, engine: Engine) -> None:
    more = {"input": "x", "prompt": "x", "documents": [], "max_tokens": 5}
    paths = ("completions", "embeddings", "messages", "rerank")
    spans = await spans_after(collector, engine, *((f"/v1/{p}", ASKED | more) for p in paths))
    operations = [span.says["gen_ai.operation.name"] for span in spans]
    assert operations == ["text_completion", "embeddings", "chat", "rerank"]


async def test_nothing_of_what_was_said_nor_who_said_it_is_told(
    collector: Collector, engine: Engine
) -> None:
    await spans_after(collector, engine, (CHAT, ASKED), (CHAT, ASKED | {"stream": True}))
    everything = b"".join(collector.raw)
    for private in (b"secret word", b"Hello", b"alice", b"upstream-key"):
        assert private not in everything


async def test_what_never_reaches_a_model_leaves_no_span(
    collector: Collector, engine: Engine
) -> None:
    unknown = (CHAT, ASKED | {"model": "unknown"})
    assert await spans_after(collector, engine, unknown, ("/v1/models", {})) == []


async def test_parallel_calls_keep_their_traces_apart(collector: Collector, engine: Engine) -> None:
    traces = [f"{number:032x}" for number in range(1, 51)]
    async with traced(engine, collector.url) as (_, http):
        body = ASKED | {"engine": {"delay": 0.05}}
        named = [{"traceparent": f"00-{trace}-{PARENT}-01"} for trace in traces]
        await asyncio.gather(*(http.post(CHAT, json=body, headers=each) for each in named))
    assert sorted(span.trace for span in collector.spans) == traces


async def test_a_trace_that_is_not_sampled_stays_so(collector: Collector, engine: Engine) -> None:
    spans = await spans_after(
        collector, engine, (CHAT, ASKED), traceparent=f"00-{TRACE}-{PARENT}-00"
    )
    assert spans == []
    sent = engine.seen[-1].headers["traceparent"]
    assert sent.startswith(f"00-{TRACE}-")
    assert sent.endswith("-00")


async def test_a_fallback_s_span_tells_who_answered(collector: Collector, engine: Engine) -> None:
    async with traced(engine, collector.url) as (gateway, http):
        await gateway.add("second", to(engine, target="theirs"))
        await gateway.add(
            "first", to(engine).model_copy(update={"url": NOBODY}), fallbacks=("second",)
        )
        await http.post(CHAT, json=ASKED | {"model": "first"})
    [span] = collector.spans
    assert (span.says["gen_ai.request.model"], span.says["gen_ai.response.model"]) == (
        "first",
        "theirs",
    )
    assert span.says["server.port"] == engine.port


async def test_a_collector_that_is_away_costs_no_call(engine: Engine) -> None:
    async with traced(engine, NOBODY) as (gateway, http):
        answers = await asyncio.gather(*(http.post(CHAT, json=ASKED) for _ in range(100)))
        assert {answer.status_code for answer in answers} == {200}
        assert len(gateway.books.calls) == 100


@pytest.mark.parametrize(
    ("environ", "endpoint"),
    [
        ({}, ""),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318/"}, "http://c:4318/v1/traces"),
        (
            {
                "OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318",
                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://d/spans",
            },
            "http://d/spans",
        ),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318", "OTEL_SDK_DISABLED": "true"}, ""),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318", "OTEL_TRACES_EXPORTER": "none"}, ""),
    ],
)
def test_the_usual_variables_say_where_spans_go(environ: dict[str, str], endpoint: str) -> None:
    assert traces_endpoint(environ) == endpoint


def test_without_a_collector_nothing_is_traced() -> None:
    assert tracing_of({}).watchers == ()
