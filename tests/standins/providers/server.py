"""A provider on loopback: real HTTP, answers in pieces, and a note of what it was asked."""

import json
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw)


@dataclass
class Reply:
    """What is sent back; several pieces are sent one by one, each at once."""

    status: int
    pieces: Iterable[bytes]
    headers: dict[str, str] = field(default_factory=dict)


class Refused(Exception):
    """The request isn't one that this provider understands."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def as_json(value: object, status: int = 200, **headers: str) -> Reply:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Reply(status, [json.dumps(value).encode()], {"content-type": "application/json"} | named)


def as_events(events: Iterable[bytes]) -> Reply:
    return Reply(200, events, {"content-type": "text/event-stream"})


class Provider:
    """Listens from its making to `stop`; a kind of provider fills in `answer` and `error`."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.instead: Reply | None = None  # what to answer whatever is asked
        self.endless = False  # go on streaming until the caller leaves
        self.left = threading.Event()  # the caller has left
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        self.left.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def wait_for(self, count: int) -> None:
        """Return when so many requests have come."""
        while len(self.asked) < count:
            time.sleep(0.01)

    def answer(self, asked: Asked) -> Reply:
        raise NotImplementedError

    def error(self, status: int, message: str) -> Reply:
        raise NotImplementedError

    def going_on(self, pieces: list[bytes]) -> Iterator[bytes]:
        """Yield pieces; an endless provider repeats the middle one as long as somebody reads."""
        yield from pieces[: len(pieces) // 2]
        while self.endless and not self.left.wait(0.02):
            yield pieces[len(pieces) // 2]
        yield from pieces[len(pieces) // 2 :]

    def _reply(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        if self.instead:
            return self.instead
        try:
            return self.answer(asked)
        except Refused as refused:
            return self.error(refused.status, str(refused))

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                size = int(self.headers.get("content-length", 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                raw = self.rfile.read(size)
                reply = provider._reply(Asked("POST", self.path, headers, raw))
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("transfer-encoding", "chunked")
                self.end_headers()
                try:
                    self._chunks(reply.pieces)
                except OSError:
                    provider.left.set()
                    self.close_connection = True

            def do_GET(self) -> None:
                provider.asked.append(Asked("GET", self.path, {}, b""))
                self.send_error(404)

            def _chunks(self, pieces: Iterable[bytes]) -> None:
                for piece in pieces:
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                    self.wfile.flush()
                self.wfile.write(b"0\r\n\r\n")

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler
