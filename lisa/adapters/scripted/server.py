"""Where scripted models answer: one small server for all of them, on this machine alone."""

import asyncio
import json
import logging
import socket
import threading
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from lisa.adapters.scripted.answers import answer_to, chat_chunks

LOOPBACK: Final = "127.0.0.1"
MOST_BYTES: Final = 64 * 1024 * 1024  # a question may carry pictures
LOOK_EVERY_SECONDS: Final = 0.1
LINGER_SECONDS: Final = 1.0
LEFT_UNREAD: Final = 64  # pieces at most
log = logging.getLogger("lisa.models")


@asynccontextmanager
async def answering() -> AsyncIterator[str]:
    """Answer while the block runs, at the address that is given."""
    server = await asyncio.to_thread(_Server, (LOOPBACK, 0), _Call)
    thread = threading.Thread(target=server.serve_forever, args=(LOOK_EVERY_SECONDS,), daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_port}/v1"
    finally:
        await asyncio.to_thread(server.shutdown)
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, _request: object, client_address: object) -> None:
        """Note whose call broke: mostly they have hung up."""
        log.debug("scripted: the call of %s broke", client_address)


class _Call(BaseHTTPRequestHandler):
    """One call; its connection is closed behind it."""

    timeout = 30

    def do_GET(self) -> None:
        """Answer what has no body."""
        self._answer({})

    def do_POST(self) -> None:
        """Answer what has one."""
        length = self.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > MOST_BYTES:
            self._refuse(HTTPStatus.LENGTH_REQUIRED, "a body of a told length is needed")
            return
        try:
            asked = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            asked = None
        if isinstance(asked, dict):
            self._answer(asked)
        else:
            self._refuse(HTTPStatus.BAD_REQUEST, "the body isn't a JSON object")

    def finish(self) -> None:
        """Take what still comes: a connection closed over it would take the answer along."""
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(LINGER_SECONDS)
            for _ in range(LEFT_UNREAD):
                if not self.connection.recv(65536):
                    break
        super().finish()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the server's name
        """Say nothing: calls are counted by the gateway."""

    def _answer(self, asked: dict[str, Any]) -> None:
        found = answer_to(self.path, asked)
        if found is None:
            self._refuse(HTTPStatus.NOT_FOUND, f"there is nothing at {self.path}")
        elif asked.get("stream") and self.path.endswith("/chat/completions"):
            self._send(HTTPStatus.OK, "text/event-stream", chat_chunks(asked))
        else:
            self._send(HTTPStatus.OK, "application/json", [json.dumps(found)])

    def _refuse(self, status: HTTPStatus, why: str) -> None:
        told = {"error": {"message": f"scripted: {why}", "type": "invalid_request_error"}}
        self._send(status, "application/json", [json.dumps(told)])

    def _send(self, status: HTTPStatus, kind: str, parts: Iterable[str]) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.end_headers()
        for part in parts:
            self.wfile.write(part.encode())
