"""The way back to a caller: what was sent already, and whether anybody is still listening."""

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Final, Self

from pydantic_core import to_json

from lisa.gateway.asgi import RawHeaders, Receive, Send, raw
from lisa.gateway.bodies import CallerGone
from lisa.gateway.early import EarlyStream

LISTENED_AFTER: Final = 0.1  # seconds; most short calls are over by then and need no watch


class Reply:
    """Sends an answer.

    While entered and listening, a caller who hangs up ends the work by
    `CallerGone`.
    """

    __slots__ = (
        "_copy",
        "_gone",
        "_headers",
        "_receive",
        "_send",
        "_task",
        "_timer",
        "_watch",
        "borne",
        "left",
        "started",
    )

    def __init__(self, send: Send, receive: Receive, borne: RawHeaders) -> None:
        self._send, self._receive, self.borne = send, receive, borne
        self.left: RawHeaders = []  # what limits leave to the caller
        self.started = False
        self._gone = False
        self._copy: list[bytes] | None = None
        self._headers: RawHeaders = []
        self._task: asyncio.Task[object] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._watch: asyncio.Task[None] | None = None

    def __enter__(self) -> Self:
        """Remember whose work ends with the caller's interest."""
        self._task = asyncio.current_task()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop listening; what we cancelled ourselves is no cancellation to others."""
        self.listen_no_more()
        if self._gone and self._task and kind is asyncio.CancelledError:
            self._task.uncancel()
            raise CallerGone from error

    def keep_copy(self) -> None:
        """Keep what is sent from now on."""
        self._copy = []

    def copied(self) -> tuple[bytes, str] | None:
        """Return the body that was sent and its type; nothing if it was packed, or not kept."""
        named = dict(self._headers)
        if self._copy is None or b"content-encoding" in named:
            return None
        return b"".join(self._copy), named.get(b"content-type", b"").decode("latin-1")

    def listen(self) -> None:
        """Begin, in a moment, to listen whether the caller hangs up."""
        self._timer = asyncio.get_running_loop().call_later(LISTENED_AFTER, self._watch_out)

    def listen_no_more(self) -> None:
        """Let the work go on even if the caller hangs up."""
        if self._timer:
            self._timer.cancel()
        if self._watch:
            self._watch.cancel()

    async def start(self, status: int, headers: RawHeaders) -> None:
        """Send status and headers."""
        self.started = True
        self._headers = headers
        headers = [*headers, *self.left, *self.borne]
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def begin_stream(self, headers: RawHeaders, error_name: bytes) -> EarlyStream:
        """Send the head of a stream before there is an answer, which becomes a part of it."""
        early = EarlyStream(self._send, error_name)
        await early.begin([*headers, *self.left, *self.borne])
        self._send = early
        return early

    async def document(
        self, status: int, content: object, headers: Mapping[str, str] | None = None
    ) -> None:
        """Send a JSON document."""
        body = to_json(content)
        named = {"content-type": "application/json", "content-length": str(len(body))}
        await self.start(status, raw(named | dict(headers or {})))
        await self.end(body)

    async def more(self, chunk: bytes) -> None:
        """Send a piece of the body; returns when the caller keeps up."""
        if self._copy is not None:
            self._copy.append(chunk)
        await self._send({"type": "http.response.body", "body": chunk, "more_body": True})

    async def end(self, last: bytes = b"") -> None:
        """Send the last piece of the body."""
        self.listen_no_more()  # from here on, a server may report the end as a disconnect
        if self._copy is not None:
            self._copy.append(last)
        await self._send({"type": "http.response.body", "body": last, "more_body": False})

    def _watch_out(self) -> None:
        self._watch = asyncio.get_running_loop().create_task(self._wait_for_disconnect())

    async def _wait_for_disconnect(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._gone = True
        if self._task:
            self._task.cancel()
