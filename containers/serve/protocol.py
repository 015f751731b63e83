"""How the gateway's processes speak HTTP: as uvicorn does, with less work for each answer."""

import asyncio
from typing import Final
from urllib.parse import unquote

import httptools
from uvicorn._types import ASGISendEvent
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

WITHOUT_BODY: Final = frozenset({204, 304})


class GatewayCycle(RequestResponseCycle):
    """One request and its answer; a document's head is sent together with what comes first of it.

    Headers are not looked at one by one: they come from our own code, or from a parser.
    """

    _head = b""

    async def send(self, message: ASGISendEvent) -> None:
        """Send a part of the answer."""
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        if self.disconnected:
            return
        if message["type"] == "http.response.start":
            self.response_started = True
            self.waiting_for_100_continue = False
            head = self._written(message["status"], list(message.get("headers", [])))
            if self.chunked_encoding:  # a stream's reader may have to wait for more
                self.transport.write(head)
            else:
                self._head = head
        elif message["type"] == "http.response.body":
            self._send_body(message.get("body", b""), ends=not message.get("more_body", False))

    def _written(self, status: int, headers: list[tuple[bytes, bytes]]) -> bytes:
        """Return the head, and note how the body's end will be known."""
        self.chunked_encoding = self.scope["method"] != "HEAD" and status not in WITHOUT_BODY
        lines = [STATUS_LINE[status]]
        for name, value in (*self.default_headers, *headers):
            lines.append(b"%b: %b\r\n" % (name, value))
            if name == b"content-length":
                self.chunked_encoding, self.expected_content_length = False, int(value)
            elif name == b"connection" and value == b"close":
                self.keep_alive = False
        if self.chunked_encoding:
            lines.append(b"transfer-encoding: chunked\r\n")
        if not self.keep_alive:
            lines.append(b"connection: close\r\n")
        head = b"".join((*lines, b"\r\n"))
        if head.count(b"\n") != len(lines) + 1:
            raise RuntimeError("a header is more than one line")
        return head

    def _send_body(self, body: bytes, *, ends: bool) -> None:
        if self.scope["method"] == "HEAD":
            body, self.expected_content_length = b"", 0
        if self.chunked_encoding:
            piece = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
            body = piece + b"0\r\n\r\n" if ends else piece
        else:
            self.expected_content_length -= len(body)
        if ends and self.expected_content_length:
            raise RuntimeError("the answer is not as long as its head says")
        if written := self._head + body:
            self.transport.write(written)
            self._head = b""
        if ends:
            self.response_complete = True
            self.message_event.set()
            if not self.keep_alive:
                self.transport.close()
            self.on_response()


class GatewayProtocol(HttpToolsProtocol):
    """One connection of a caller."""

    cycle: GatewayCycle | None  # type: ignore[assignment] # none before the first request

    def on_headers_complete(self) -> None:
        """Begin with the request, or remember it until the one before is answered."""
        version = self.parser.get_http_version()
        url = httptools.parse_url(self.url)
        path = url.path.decode("ascii")
        self.scope["method"] = self.parser.get_method().decode("ascii")
        self.scope["http_version"] = version
        self.scope["path"] = unquote(path) if "%" in path else path
        self.scope["raw_path"] = url.path
        self.scope["query_string"] = url.query or b""
        before = self.cycle
        self.cycle = GatewayCycle(
            scope=self.scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=False,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=self.expect_100_continue,
            keep_alive=version != "1.0" and self.parser.should_keep_alive(),
            on_response=self.on_response_complete,
        )
        if before is None or before.response_complete:
            self._start_asgi_task(self.cycle, self.app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((self.cycle, self.app))
