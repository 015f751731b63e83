"""Calls upstreams over HTTP/1.1 connections that are kept alive; httptools reads the answers.

A general client costs more than all the rest of a call through the gateway together, for redirects,
cookies, encodings and hooks that a relay must not have.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Self
from urllib.parse import urlsplit

from lisa.adapters.httptools.connection import AGAIN, Connection
from lisa.domain.addresses import is_metadata_address
from lisa.domain.errors import Unavailable
from lisa.domain.model import Timeouts

KEPT_FOR: Final = 4.0  # seconds; uvicorn, and so vLLM, hangs up an idle connection after five


@dataclass(frozen=True)
class Address:
    """Where an upstream listens, and how a request to it begins after the method."""

    host: str
    port: int
    secure: bool
    begins: bytes


@dataclass
class PooledUpstreams:
    """Sends requests while it is entered.

    Idle connections are shared by address and their number has no bound, so that no call waits for
    another's: how many are under way is decided before they come here.
    """

    _idle: dict[tuple[str, int, bool], deque[Connection]] = field(default_factory=dict)
    _open: bool = False
    _tls: ssl.SSLContext | None = None

    async def __aenter__(self) -> Self:
        """Open; connections are made as they are needed."""
        self._open = True
        return self

    async def __aexit__(self, *_: object) -> None:
        """Hang up all connections that are idle."""
        self._open = False
        for waiting in self._idle.values():
            for connection in waiting:
                connection.hang_up()
        self._idle.clear()
        await asyncio.sleep(0)  # for the event loop to close them

    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        timeouts: Timeouts,
        pool: str,
    ) -> "Sending":
        """Send; the answer's bytes come as they are, compressed or not."""
        del pool
        if not self._open:
            raise Unavailable("the gateway is stopping", next_step="try again")
        address = _address(url)
        return Sending(self, address, _request(method, address, headers, body), timeouts)

    async def connect(self, address: Address, patience: float) -> Connection:
        """Take an idle connection, the one used last, or make one."""
        now = asyncio.get_running_loop().time()
        waiting = self._idle.get((address.host, address.port, address.secure))
        while waiting:
            connection = waiting.pop()
            if not connection.lost and now - connection.idle_since < KEPT_FOR:
                return connection
            connection.hang_up()
        self._tls = self._tls or ssl.create_default_context()
        return await _connected(address, patience, self._tls)

    def take_back(self, address: Address, connection: Connection) -> None:
        """Keep a connection whose answer has ended, and drop those that wait too long."""
        if not connection.finish():
            return
        if not self._open:
            connection.hang_up()
            return
        place = (address.host, address.port, address.secure)
        waiting = self._idle.setdefault(place, deque())
        waiting.append(connection)
        while waiting and connection.idle_since - waiting[0].idle_since > KEPT_FOR:
            waiting.popleft().hang_up()


class Sending:
    """One request under way; leaving it hangs up what was not read to its end."""

    __slots__ = ("_address", "_connection", "_pool", "_request", "_timeouts")

    def __init__(
        self, pool: PooledUpstreams, address: Address, request: bytes, timeouts: Timeouts
    ) -> None:
        self._pool, self._address, self._request = pool, address, request
        self._timeouts = timeouts
        self._connection: Connection | None = None

    async def __aenter__(self) -> "PooledAnswer":
        """Return the answer as soon as its headers are here."""
        timeouts, now = self._timeouts, asyncio.get_running_loop().time
        ends = now() + timeouts.total
        connection = await self._pool.connect(self._address, timeouts.connect)
        connection.begin(self._request)
        try:
            await connection.answered(min(ends, now() + timeouts.first_byte))
            self._connection = connection
        finally:
            if self._connection is None:
                connection.hang_up()
        return PooledAnswer(connection, timeouts.idle, ends)

    async def __aexit__(self, *_: object) -> None:
        """Give the connection back, or close it if something is still to come."""
        if self._connection:
            self._pool.take_back(self._address, self._connection)


class PooledAnswer:
    """An answer, read as it arrives."""

    __slots__ = ("_connection", "_ends", "_idle", "headers", "status")

    def __init__(self, connection: Connection, idle: float, ends: float) -> None:
        self._connection, self._idle, self._ends = connection, idle, ends
        self.status = connection.status
        self.headers: Mapping[str, str] = connection.headers

    def chunks(self) -> AsyncIterator[bytes]:
        """Yield what has arrived, as soon as anything has."""
        return self

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        """Return the next piece; no generator, as one that isn't read to its end costs a task."""
        patience = asyncio.get_running_loop().time() + self._idle
        piece = await self._connection.next_piece(min(self._ends, patience))
        if not piece:
            raise StopAsyncIteration
        return piece

    async def whole(self, at_most: int) -> bytes:
        """Return the body, if it isn't longer than that."""
        body = bytearray()
        async for chunk in self.chunks():
            body += chunk
            if len(body) > at_most:
                raise Unavailable("the upstream's answer is too long", code="upstream_broke")
        return bytes(body)


async def _connected(address: Address, patience: float, tls: ssl.SSLContext) -> Connection:
    secure = tls if address.secure else None
    try:
        async with asyncio.timeout(patience):
            transport, connection = await asyncio.get_running_loop().create_connection(
                Connection, address.host, address.port, ssl=secure
            )
    except (OSError, TimeoutError) as error:
        raise Unavailable(
            "the upstream can't be reached", next_step=AGAIN, code="upstream_unreachable"
        ) from error
    if is_metadata_address(str(transport.get_extra_info("peername")[0])):  # by whatever name
        connection.hang_up()
        raise Unavailable(
            "the upstream's name leads to where a machine gets its own credentials",
            next_step="ask an administrator to check the model's address",
            code="address_refused",
        )
    return connection


def _request(method: str, address: Address, headers: Mapping[str, str], body: bytes) -> bytes:
    lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
    if lines.count("\n") != len(headers) or lines.count("\r") != len(headers):
        raise Unavailable("the upstream's key is not one line", code="upstream_refuses_us")
    head = f"content-length: {len(body)}\r\n{lines}\r\n" if body else f"{lines}\r\n"
    return b"".join((method.encode(), address.begins, head.encode("latin-1", "replace"), body))


@lru_cache(maxsize=1024)
def _address(url: str) -> Address:
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    begins = f" {path} HTTP/1.1\r\nhost: {parts.netloc}\r\n".encode("ascii")
    return Address(parts.hostname or "", parts.port or (443 if secure else 80), secure, begins)
