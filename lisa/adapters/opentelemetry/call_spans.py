"""One OpenTelemetry span per call to a model, in the words of the conventions for generative AI.

Spans go out in batches from a thread of their own. Where the collector is away they are dropped;
no call waits for it. Nothing of what was said is in them.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AttributeValue

from lisa.domain.model import Model, Upstream
from lisa.domain.usage import Call
from lisa.domain.usage_sums import is_error
from lisa.ports.calls import Ask

Scope: TypeAlias = MutableMapping[str, Any]
App: TypeAlias = Callable[[Scope, Any, Any], Awaitable[None]]

NAME: Final = "lisa-gateway"
OPERATIONS: Final = {"completions": "text_completion", "messages": "chat"}
PROVIDERS: Final = {
    "azure": "azure.ai.openai",
    "bedrock": "aws.bedrock",
    "gemini": "gcp.gemini",
    "mistral": "mistral_ai",
    "vertex_ai": "gcp.vertex_ai",
    "xai": "x_ai",
}
PARENT: Final = ("traceparent", "tracestate")
PORTS: Final = {"http": 80, "https": 443}
LAST_CHANCE_SECONDS: Final = 5


@dataclass
class _Open:
    """The span of a request, and who was asked so far."""

    span: Span
    asked: list[Model] = field(default_factory=list)


_open: ContextVar[_Open] = ContextVar("open_span")


class CallSpans:
    """Watches requests as an ASGI app around the gateway's, and calls as a meter does."""

    def __init__(self, endpoint: str) -> None:
        named = Resource({"service.name": NAME}).merge(OTELResourceDetector().detect())
        self._exporter = OTLPSpanExporter(endpoint=endpoint)
        self._processor = BatchSpanProcessor(self._exporter)
        provider = TracerProvider(resource=Resource.create().merge(named), shutdown_on_exit=False)
        provider.add_span_processor(self._processor)
        self._tracer = provider.get_tracer(NAME)
        self._propagator = TraceContextTextMapPropagator()

    def around(self, app: App) -> App:
        """Return the app with a span around each request; upstreams see it as their parent."""

        async def traced(scope: Scope, receive: Any, send: Any) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            scope, span = self._continued(scope)
            token = _open.set(_Open(span))
            try:
                await app(scope, receive, send)
            finally:
                _open.reset(token)

        return traced

    def begin(self, ask: Ask) -> None:
        """Remember who is asked."""
        if opened := _open.get(None):
            opened.asked.append(ask.model)

    def note(self, call: Call) -> None:
        """End the request's span; a request that never became a call has none."""
        opened = _open.get(None)
        if opened is None or call.unsettled:
            return
        span, operation = opened.span, OPERATIONS.get(call.endpoint, call.endpoint)
        if span.is_recording():
            span.update_name(f"{operation} {call.model}")
            said = dict(_said(call, operation)) | dict(_of_upstream(call, opened.asked))
            span.set_attributes({name: value for name, value in said.items() if value is not None})
            if is_error(call):
                span.set_status(Status(StatusCode.ERROR))
        span.end()

    async def keep_sending(self) -> None:
        """Wait to be cancelled, then send what still waits."""
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.to_thread(self._close)

    def _continued(self, scope: Scope) -> tuple[Scope, Span]:
        sent = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        parent = self._propagator.extract({name: sent[name] for name in PARENT if name in sent})
        span = self._tracer.start_span(NAME, parent, kind=SpanKind.CLIENT)
        told: dict[str, str] = {}
        self._propagator.inject(told, set_span_in_context(span))
        others = [each for each in scope["headers"] if each[0].decode("latin-1") not in PARENT]
        ours = [(name.encode(), value.encode("latin-1")) for name, value in told.items()]
        return {**scope, "headers": [*others, *ours]}, span

    def _close(self) -> None:
        """Send the rest; give up in time where the collector is away."""
        giving_up = threading.Timer(LAST_CHANCE_SECONDS, self._exporter.shutdown)
        giving_up.daemon = True
        giving_up.start()
        self._processor.shutdown()  # type: ignore[no-untyped-call] # theirs says nothing
        giving_up.cancel()


def _said(call: Call, operation: str) -> Iterator[tuple[str, AttributeValue | None]]:
    """Yield what the call itself tells."""
    counts = call.counts
    yield "gen_ai.operation.name", operation
    yield "gen_ai.request.model", call.model
    yield "gen_ai.request.stream", call.streamed
    yield "gen_ai.usage.input_tokens", counts.prompt
    yield "gen_ai.usage.output_tokens", counts.completion
    yield "gen_ai.usage.cache_read.input_tokens", counts.cached
    yield "gen_ai.usage.reasoning.output_tokens", counts.reasoning
    if call.streamed and call.first_byte_ms is not None:
        yield "gen_ai.response.time_to_first_chunk", call.first_byte_ms / 1000
    yield "http.response.status_code", call.status
    if is_error(call):
        yield "error.type", str(call.status) if call.status >= HTTPStatus.BAD_REQUEST else "cut"
    yield "lisa.call.id", call.id
    yield "lisa.ended", call.ended
    yield "lisa.tries", call.tries
    yield "lisa.cache_hit", call.cache_hit
    yield "lisa.cost", call.cost


def _of_upstream(call: Call, asked: list[Model]) -> Iterator[tuple[str, AttributeValue | None]]:
    """Yield who answered; nothing where nobody did."""
    model = next((each for each in asked if each.id == (call.served_by or call.model)), None)
    upstream = next((u for u in model.upstreams if u.id == call.upstream), None) if model else None
    if model is None or upstream is None:
        return
    yield "lisa.upstream", upstream.id
    yield "gen_ai.provider.name", _provider(upstream)
    yield "gen_ai.response.model", upstream.target or model.id
    parts = urlsplit(upstream.url)
    if parts.hostname:
        yield "server.address", parts.hostname
        yield "server.port", parts.port or PORTS.get(parts.scheme)


def _provider(upstream: Upstream) -> str:
    if upstream.kind == "openai":
        return "openai"  # its protocol; who runs it isn't known
    name = upstream.target.partition("/")[0]
    return PROVIDERS.get(name, name)
