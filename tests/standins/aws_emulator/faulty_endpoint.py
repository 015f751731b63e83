"""An endpoint before the emulator: it passes calls on, but those that it was told to fail."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, Self
from urllib.parse import parse_qs, urlsplit

from tests.standins.aws_emulator.faults import Answer, Fault, Instead

SECONDS: Final = 120
OF_A_CONNECTION: Final = frozenset(
    {"connection", "content-length", "keep-alive", "transfer-encoding"}
)
FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Call:
    """A call as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def signed_for(self) -> str:
        """Return the service; empty where nobody signed."""
        _, _, scope = self.headers.get("authorization", "").partition("Credential=")
        parts = scope.partition(",")[0].split("/")
        return parts[-2] if len(parts) > 1 else ""

    @property
    def operation(self) -> str:
        """Return the operation, as far as we can know it."""
        if target := self.headers.get("x-amz-target"):
            return target.rpartition(".")[2]
        if self.headers.get("content-type", "").startswith(FORM):
            return parse_qs(self.body.decode()).get("Action", [""])[0]
        if self.method == "GET":
            return "ListObjectsV2" if "list-type=2" in self.path else "GetObject"
        return ""


@dataclass
class FaultyEndpoint:
    """Listens on loopback while it is entered."""

    behind: str
    _faults: list[Fault] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _closing: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        """Listen."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """End, and leave whoever still waits."""
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Return where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @contextmanager
    def failing(self, *faults: Fault) -> Iterator[None]:
        """Let calls fail meanwhile."""
        for fault in faults:
            fault.refuse_unknown()
        with self._lock:
            self._faults.extend(faults)
        try:
            yield
        finally:
            with self._lock:
                self._faults = [each for each in self._faults if each not in faults]

    def answer(self, call: Call) -> Answer | None:
        """Answer a call; None hangs up."""
        fault = self._fault_for(call)
        if fault is None:
            return self._passed_on(call)
        if fault.answer is Instead.SILENCE:
            self._closing.wait(SECONDS)
            return None
        if fault.answer is Instead.LOSS:
            self._passed_on(call)
            return None
        return fault.error()

    def _fault_for(self, call: Call) -> Fault | None:
        body = call.body.decode(errors="replace")
        with self._lock:
            met = (
                each for each in self._faults if each.meets(call.signed_for, call.operation, body)
            )
            return next(met, None)

    def _passed_on(self, call: Call) -> Answer:
        place = urlsplit(self.behind)
        connection = HTTPConnection(place.hostname or "", place.port, timeout=SECONDS)
        try:
            connection.request(call.method, call.path, call.body, dict(call.headers))
            answer = connection.getresponse()
            return Answer(answer.status, answer.getheaders(), answer.read())
        finally:
            connection.close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    endpoint: FaultyEndpoint

    def do_POST(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", "0")))
        answer = self.endpoint.answer(Call(self.command, self.path, headers, body))
        with suppress(ConnectionError):  # whoever asked may have gone
            self._send(answer)

    do_GET = do_HEAD = do_PUT = do_DELETE = do_POST  # noqa: N815 - the server looks for these

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _send(self, answer: Answer | None) -> None:
        if answer is None:
            self.close_connection = True
            return
        self.send_response_only(answer.status)
        for name, value in answer.headers:
            if name.lower() not in OF_A_CONNECTION:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)


def _handler_of(endpoint: FaultyEndpoint) -> type[_Handler]:
    return type("Handler", (_Handler,), {"endpoint": endpoint})
