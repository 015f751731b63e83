"""Serves what an issuer publishes, over real HTTP on loopback; can go away and come back."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Pages:
    """Answers GET by path, and counts what was asked for."""

    def __init__(self, pages: dict[str, Callable[[], object]]) -> None:
        self.pages = pages
        self.instead: tuple[int, dict[str, str], bytes] | None = None
        self.asked: list[str] = []
        self.reached = threading.Event()
        self.held = threading.Event()
        self.held.set()
        self._port = 0
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def come(self) -> None:
        """Listen, after the first time on the same port."""
        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), self._handler())
        self._port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def go(self) -> None:
        """Refuse connections from now on."""
        self.held.set()
        if self._server and self._thread:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
        self._server = None

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                outer.reached.set()
                outer.held.wait(20)
                status, headers, body = outer.answer(self.path)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        if self.instead:
            return self.instead
        page = self.pages.get(path)
        if page is None:
            return 404, {}, b"{}"
        return 200, {"content-type": "application/json"}, json.dumps(page()).encode()
