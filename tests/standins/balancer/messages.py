"""Tells where an HTTP message ends, for who passes it on as it is."""

import asyncio
from typing import Final

import httptools

PIECE: Final = 64 * 1024


class Message:
    """What has come of a request, or of an answer."""

    def __init__(self, *, is_request: bool) -> None:
        make = httptools.HttpRequestParser if is_request else httptools.HttpResponseParser
        self._parser = make(self)
        self.has_begun = False
        self.is_whole = False
        self.keeps_alive = False

    def on_headers_complete(self) -> None:
        self.keeps_alive = self._parser.should_keep_alive()

    def on_message_complete(self) -> None:
        self.is_whole = True

    def take(self, piece: bytes) -> None:
        """Look at the next piece."""
        self.has_begun = True
        self._parser.feed_data(piece)


class Caller:
    """A connection of somebody who calls; what comes while an answer goes out is kept for later."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self._ahead: asyncio.Task[bytes] | None = None

    def look_ahead(self) -> asyncio.Task[bytes]:
        """Return what ends when something comes, which is nothing where the caller left."""
        if self._ahead is None:
            self._ahead = asyncio.create_task(self._piece())
        return self._ahead

    async def request(self) -> bytes:
        """Return the next request, whole; nothing where there is none."""
        message, text = Message(is_request=True), bytearray()
        while not message.is_whole:
            ahead = self.look_ahead()
            piece = await ahead
            self._ahead = None
            if not piece:
                return b""
            message.take(piece)
            text += piece
        return bytes(text)

    def leave(self) -> None:
        """Look no more."""
        if self._ahead:
            self._ahead.cancel()

    async def _piece(self) -> bytes:
        try:
            return await self._reader.read(PIECE)
        except OSError:
            return b""
