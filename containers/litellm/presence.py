"""Reads a request, and notices when the caller leaves."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final

from starlette.types import Receive, Scope

from lisa.domain.errors import TooLarge, Unavailable

LARGEST_BODY: Final = 64 * 1024 * 1024


def headers_of(scope: Scope) -> dict[str, str]:
    """Return the headers by lower-case name."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


async def read(receive: Receive) -> bytes:
    """Return the whole body."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Unavailable("the caller left before the request was whole")
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            raise TooLarge("the body is too large")
        if not message.get("more_body"):
            return bytes(body)


async def while_here(receive: Receive, work: Coroutine[Any, Any, None]) -> None:
    """Do the work; if the caller leaves, cancel it, and with it the call to the provider."""
    doing = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_leave(receive))
    try:
        await asyncio.wait({doing, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if doing.done():
            doing.result()
    finally:
        doing.cancel()
        leaving.cancel()
        await asyncio.gather(doing, leaving, return_exceptions=True)


async def _leave(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
