"""A stream whose head goes out before there is an answer: whatever comes then is told in events."""

from http import HTTPStatus
from typing import Final

from lisa.gateway.asgi import Message, RawHeaders, Send

EVENTS: Final = b"text/event-stream"
HEAD: Final[RawHeaders] = [
    (b"content-type", EVENTS + b"; charset=utf-8"),
    (b"x-accel-buffering", b"no"),
]


class EarlyStream:
    """Sends an answer into a stream that was begun.

    Events pass as they are. Anything else, such as an error, is one event with all of it.
    """

    def __init__(self, send: Send, error_name: bytes) -> None:
        self._send, self._error_name = send, error_name
        self._name = b""
        self._whole: bytearray | None = None

    async def begin(self, headers: RawHeaders) -> None:
        """Send the head."""
        head = [*HEAD, *headers]
        await self._send(
            {"type": "http.response.start", "status": int(HTTPStatus.OK), "headers": head}
        )

    async def comment(self, words: str) -> None:
        """Send what keeps the connection alive, and readers of events pass over."""
        await self._send_on(f": {words}\n\n".encode(), more=True)

    async def __call__(self, message: Message) -> None:
        """Take an answer's message."""
        if message["type"] == "http.response.start":
            kind = dict(message["headers"]).get(b"content-type", b"")
            self._whole = None if kind.startswith(EVENTS) else bytearray()
            self._name = self._error_name if message["status"] >= HTTPStatus.BAD_REQUEST else b""
            return
        body, more = message.get("body", b""), message.get("more_body", False)
        if self._whole is None:
            await self._send_on(body, more=more)
            return
        self._whole += body
        if not more:
            await self._send_on(self._as_event(bytes(self._whole)), more=False)

    def _as_event(self, body: bytes) -> bytes:
        lines = b"".join(b"data: %b\n" % line for line in body.splitlines() or [b""])
        return b"%b%b\n" % (self._name, lines)

    async def _send_on(self, body: bytes, *, more: bool) -> None:
        await self._send({"type": "http.response.body", "body": body, "more_body": more})
