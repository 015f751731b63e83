"""Sends an answer, whole or as it comes, and knows how far it got."""

import json
from collections.abc import Mapping
from typing import Final

from starlette.types import Send

from containers.litellm.errors import Told

STREAM: Final = "text/event-stream; charset=utf-8"


class Reply:
    """One answer."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0

    async def whole(
        self, status: int, content_type: str, body: bytes, more: Mapping[str, str] | None = None
    ) -> None:
        """Send everything."""
        size = {"content-length": str(len(body))}
        await self._start(status, {"content-type": content_type, **size, **(more or {})})
        await self._send({"type": "http.response.body", "body": body})

    async def piece(self, event: bytes) -> None:
        """Send the next piece of a stream, at once."""
        if not self.status:
            await self._start(200, {"content-type": STREAM, "cache-control": "no-cache"})
        await self._send({"type": "http.response.body", "body": event, "more_body": True})

    async def end(self) -> None:
        """End a stream."""
        await self._send({"type": "http.response.body", "body": b""})

    async def fail(self, told: Told) -> None:
        """Tell an error by its status, or in the stream that has begun."""
        if self.status:
            await self.piece(told.event())
            await self.end()
            return
        more = {"retry-after": told.retry_after} if told.retry_after else {}
        await self.whole(
            told.status, "application/json", json.dumps(told.document()).encode(), more
        )

    async def _start(self, status: int, headers: Mapping[str, str]) -> None:
        self.status = status
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": raw})
