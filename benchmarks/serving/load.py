"""Asks one server over and over from a process of its own, and prints what it saw as JSON."""

import asyncio
import json
import statistics
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

import httptools
import uvloop


@dataclass
class Seen:
    """What one run saw; times in milliseconds."""

    requests: int = 0
    errors: int = 0
    seconds: float = 0.0
    latency: list[float] = field(default_factory=list)
    first_byte: list[float] = field(default_factory=list)
    chunk_delay: list[float] = field(default_factory=list)


class Connection(asyncio.Protocol):
    """One caller who asks again as soon as an answer has ended."""

    def __init__(self, request: bytes, seen: Seen, until: float, most: int) -> None:
        self._request, self._seen, self._until, self._left = request, seen, until, most
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._began = 0.0
        self._answering = False
        self._first = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the first time."""
        self._transport = cast("asyncio.Transport", transport)
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        """Count an answer that was broken off."""
        del exc
        if self._answering:
            self._seen.errors += 1
        if not self.done.done():
            self.done.set_result(None)

    def data_received(self, data: bytes) -> None:
        """Note when something came, and how long ago the engine had sent it."""
        if self._first:
            self._first = False
            self._seen.first_byte.append((time.perf_counter() - self._began) * 1000)
        at = data.rfind(b'"content":"@')
        if at >= 0:
            sent = int(data[at + 12 : data.index(b" ", at + 12)])
            self._seen.chunk_delay.append((time.perf_counter_ns() - sent) / 1e6)
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        """Count the answer, and ask again."""
        now = time.perf_counter()
        self._answering = False
        if self._parser.get_status_code() == 200:  # noqa: PLR2004 - the status of success
            self._seen.requests += 1
            self._seen.latency.append((now - self._began) * 1000)
        else:
            self._seen.errors += 1
        if now < self._until and self._left:
            self._ask()
        else:
            self._transport.close()

    def _ask(self) -> None:
        self._left -= 1
        self._first = self._answering = True
        self._parser = httptools.HttpResponseParser(self)
        self._began = time.perf_counter()
        self._transport.write(self._request)


def request_bytes(url: str, body: dict[str, Any], token: str) -> bytes:
    """Write the request once."""
    parts, content = urlsplit(url), json.dumps(body).encode()
    head = (
        f"POST {parts.path} HTTP/1.1\r\nhost: {parts.netloc}\r\naccept: */*\r\n"
        f"user-agent: bench\r\nauthorization: Bearer {token}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


async def run(plan: dict[str, Any]) -> Seen:
    """Open the connections, spread over a moment, and wait until all have asked enough."""
    seen, loop = Seen(), asyncio.get_running_loop()
    parts = urlsplit(plan["url"])
    request = request_bytes(plan["url"], plan["body"], plan["token"])
    began = time.perf_counter()
    until = began + plan["seconds"]
    connections = []
    for _ in range(plan["connections"]):
        _, connection = await loop.create_connection(
            lambda: Connection(request, seen, until, plan.get("each", 10**9)),
            parts.hostname,
            parts.port,
        )
        connections.append(connection)
    await asyncio.wait([connection.done for connection in connections])
    seen.seconds = time.perf_counter() - began
    return seen


def told(seen: Seen) -> dict[str, Any]:
    """Return the run in a few numbers: of times, the percentiles by their number."""
    return {
        name: _percentiles(value) if isinstance(value, list) else value
        for name, value in asdict(seen).items()
    }


def _percentiles(values: list[float]) -> dict[str, float]:
    if len(values) < 2:  # noqa: PLR2004 - quantiles need two
        values = values * 2 or [float("nan")] * 2
    cuts = statistics.quantiles(values, n=100)
    return {str(percent): cuts[percent - 1] for percent in (50, 95, 99)}


if __name__ == "__main__":
    print(json.dumps(told(uvloop.run(run(json.loads(sys.stdin.read()))))))
