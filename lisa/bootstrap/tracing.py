"""Whether the gateway tells OpenTelemetry of its calls, read from OpenTelemetry's own variables."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from lisa.gateway.asgi import Receive, Scope, Send
from lisa.ports.calls import Meter

App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(frozen=True)
class Tracing:
    """What tracing adds to a gateway: a watcher of calls, a wrap, and work beside the requests."""

    watchers: tuple[Meter, ...] = ()
    beside: tuple[Callable[[], Coroutine[None, None, None]], ...] = ()
    around: Callable[[App], App] = lambda app: app


def tracing_of(environ: Mapping[str, str]) -> Tracing:
    """Return the tracing that this environment asks for; nothing where it names no collector."""
    endpoint = traces_endpoint(environ)
    if not endpoint:
        return Tracing()
    from lisa.adapters.opentelemetry.call_spans import (  # noqa: PLC0415 - slow, and mostly unwanted
        CallSpans,
    )

    spans = CallSpans(endpoint)
    return Tracing((spans,), (spans.keep_sending,), spans.around)


def traces_endpoint(environ: Mapping[str, str]) -> str:
    """Return where spans go to, if anywhere."""
    disabled = environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    if disabled or environ.get("OTEL_TRACES_EXPORTER") == "none":
        return ""
    shared = environ.get("OTEL_EXPORTER_OTLP_ENDPOINT", "").rstrip("/")
    return environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") or (shared and f"{shared}/v1/traces")
