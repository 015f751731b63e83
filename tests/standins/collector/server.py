"""Stands in for an OpenTelemetry collector: takes spans by OTLP over HTTP, on loopback."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue

PATH = "/v1/traces"
PATIENCE = 30  # seconds; batches go out every five


@dataclass(frozen=True)
class Seen:
    """A span as it arrived, ids in hexadecimal."""

    name: str
    service: str
    trace: str
    id: str
    parent: str
    kind: int
    failed: bool
    milliseconds: float
    says: dict[str, Any]


@dataclass
class Collector:
    """Where it listens and what came."""

    port: int
    spans: list[Seen] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Return the address below which signals have their paths."""
        return f"http://127.0.0.1:{self.port}"

    def wait_for(self, count: int) -> list[Seen]:
        """Return the spans as soon as there are so many."""
        until = time.monotonic() + PATIENCE
        while len(self.spans) < count and time.monotonic() < until:
            time.sleep(0.02)
        assert len(self.spans) == count
        return self.spans

    def take(self, body: bytes) -> None:
        """Read one batch."""
        self.raw.append(body)
        for each in ExportTraceServiceRequest.FromString(body).resource_spans:
            service = _values(each.resource.attributes)["service.name"]
            for scoped in each.scope_spans:
                self.spans += [_seen(span, service) for span in scoped.spans]


@contextmanager
def running_collector() -> Iterator[Collector]:
    """Listen while entered."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.path == PATH:
                collector.take(body)
            self.send_response(200 if self.path == PATH else 404)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the parent
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector = Collector(server.server_port)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _seen(span: Any, service: str) -> Seen:
    return Seen(
        name=span.name,
        service=service,
        trace=span.trace_id.hex(),
        id=span.span_id.hex(),
        parent=span.parent_span_id.hex(),
        kind=span.kind,
        failed=span.status.code == span.status.STATUS_CODE_ERROR,
        milliseconds=(span.end_time_unix_nano - span.start_time_unix_nano) / 1e6,
        says=_values(span.attributes),
    )


def _values(pairs: "Any") -> dict[str, Any]:
    return {pair.key: _value(pair) for pair in pairs}


def _value(pair: KeyValue) -> Any:
    value: AnyValue = pair.value
    return getattr(value, str(value.WhichOneof("value")))
