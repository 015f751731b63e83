"""Reading request bodies: once, within bounds, and to the end even where nobody wants them."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import Final

from lisa.domain.errors import Invalid, TooLarge
from lisa.gateway.asgi import Receive

MOST_DRAINED: Final = 64 * 1024 * 1024
PATIENCE: Final = 2.0


class CallerGone(Exception):
    """The caller hung up; there is nobody left to answer."""


class Incoming:
    """A request's body on its way in."""

    def __init__(self, headers: Mapping[str, str], receive: Receive) -> None:
        self._headers = headers
        self._receive = receive
        self._ended = False

    async def whole(self, at_most: int) -> bytes:
        """Return the body; `TooLarge` as soon as it is known to be longer than that."""
        self._refuse_encoded()
        if self._announced() > at_most:
            raise _too_large(at_most)
        body = await self._next()
        if self._ended:
            return _bounded(body, at_most)
        chunks, size = [body], len(body)
        while not self._ended:
            chunks.append(await self._next())
            size += len(chunks[-1])
            if size > at_most:
                raise _too_large(at_most)
        return b"".join(chunks)

    async def pieces(self, at_most: int) -> AsyncIterator[bytes]:
        """Yield the body as it comes; `TooLarge` as soon as it is known to be longer than that."""
        self._refuse_encoded()
        size = self._announced()
        if size > at_most:
            raise _too_large(at_most)
        size = 0
        while not self._ended:
            piece = await self._next()
            size += len(piece)
            if size > at_most:
                raise _too_large(at_most)
            if piece:
                yield piece

    async def drained(self) -> bool:
        """Read and drop what is still to come, so that the answer is read; tell if that ended."""
        size = 0
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while not self._ended and size < MOST_DRAINED:
                    size += len(await self._next())
        return self._ended

    def _announced(self) -> int:
        value = self._headers.get("content-length", "")
        return int(value) if value.isdecimal() else 0

    def _refuse_encoded(self) -> None:
        if self._headers.get("content-encoding", "identity").lower() != "identity":
            raise Invalid("compressed request bodies are not understood", code="bad_encoding")

    async def _next(self) -> bytes:
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self._ended = True
            raise CallerGone
        self._ended = not message.get("more_body", False)
        body: bytes = message.get("body", b"")
        return body


def _bounded(body: bytes, at_most: int) -> bytes:
    if len(body) > at_most:
        raise _too_large(at_most)
    return body


def _too_large(at_most: int) -> TooLarge:
    return TooLarge(f"the request is over {at_most // (1024 * 1024)} MB", code="request_too_large")
