"""HTTP to tool servers: only to addresses that were looked at, bounded in time and size.

There are no proxies and no redirects, and an answer is read as it was sent: one that unpacks itself
could grow beyond its bound.
"""

import ssl
from collections.abc import AsyncIterator, Mapping
from functools import cache
from typing import Final

import httpx2

from lisa.adapters.mcp.places import Place, places_of

LONGEST_ANSWER: Final = 1024 * 1024
LONGEST_STREAM: Final = 64 * 1024 * 1024  # of what a server says in the course of a connection
PLAIN: Final = "identity"


def guarded_client(
    headers: Mapping[str, str], timeout: httpx2.Timeout, *, vouched_for: bool
) -> httpx2.AsyncClient:
    """Return a client for one tool server."""
    return httpx2.AsyncClient(
        headers=dict(headers),
        timeout=timeout,
        transport=GuardedTransport(vouched_for=vouched_for),
        trust_env=False,
        follow_redirects=False,
        max_redirects=0,  # the protocol's client would follow some by itself
    )


class GuardedTransport(httpx2.AsyncBaseTransport):
    """Sends requests where their server's owner may have them sent."""

    def __init__(self, *, vouched_for: bool) -> None:
        self._vouched_for = vouched_for
        self._inner = httpx2.AsyncHTTPTransport(verify=_trusted(), trust_env=False)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send to the first of the host's addresses at which something listens."""
        places = await places_of(request.url, vouched_for=self._vouched_for)
        for place in places[:-1]:
            try:
                return await self._sent(request, place)
            except (httpx2.ConnectError, httpx2.ConnectTimeout):
                continue
        return await self._sent(request, places[-1])

    async def aclose(self) -> None:
        """Hang up."""
        await self._inner.aclose()

    async def _sent(self, request: httpx2.Request, place: Place) -> httpx2.Response:
        request.headers["accept-encoding"] = PLAIN
        extensions = {**request.extensions, "sni_hostname": place.name}
        addressed = httpx2.Request(
            request.method,
            place.of(request.url),
            headers=request.headers,
            stream=request.stream,
            extensions=extensions,
        )
        answer = await self._inner.handle_async_request(addressed)
        if answer.headers.get("content-encoding", PLAIN) != PLAIN:
            await answer.aclose()
            raise httpx2.DecodingError("the answer is packed, though we asked for a plain one")
        most = LONGEST_STREAM if request.method == "GET" else LONGEST_ANSWER
        return httpx2.Response(
            answer.status_code,
            headers=answer.headers,
            stream=_Bounded(answer, most),
            extensions=answer.extensions,
        )


class _Bounded(httpx2.AsyncByteStream):
    """An answer's bytes, up to a bound."""

    def __init__(self, answer: httpx2.Response, most: int) -> None:
        self._answer, self._most = answer, most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield pieces as they come."""
        left = self._most
        async for piece in self._answer.aiter_raw():
            left -= len(piece)
            if left < 0:
                raise httpx2.StreamError(f"the answer has more than {self._most} bytes")
            yield piece

    async def aclose(self) -> None:
        """Hang up what is still to come."""
        await self._answer.aclose()


@cache
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()
