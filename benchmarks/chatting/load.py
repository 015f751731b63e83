"""Asks for streams from a process of its own, and prints when words and ends came, as JSON."""

import asyncio
import json
import statistics
import sys
import time
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from benchmarks.serving.load import request_bytes

WORDS: Final = (b'"response.output_text.delta"', b'"delta":{"content":"')
ENDS: Final = (b"event: response.completed", b"data: [DONE]")
END_OF_BODY: Final = b"\r\n0\r\n\r\n"
LONGEST_END: Final = 64 * 1024
PATIENCE: Final = 120


@dataclass
class Seen:
    """What came, in milliseconds; `first` is the first word, not the first byte."""

    first: list[float] = field(default_factory=list)
    total: list[float] = field(default_factory=list)
    words: int = 0
    errors: int = 0


async def ask(place: tuple[str, int], request: bytes, seen: Seen) -> None:
    """Ask once, on a connection of its own that is open already."""
    reader, writer = await asyncio.open_connection(*place)
    began = time.perf_counter()
    writer.write(request)
    first, ended, tail = 0.0, False, b""
    while piece := await reader.read(65536):
        words = sum(piece.count(word) for word in WORDS)
        if words and not first:
            first = (time.perf_counter() - began) * 1000
        seen.words += words
        tail = (tail + piece)[-LONGEST_END:]
        ended = ended or any(end in tail for end in ENDS)
        if tail.endswith(END_OF_BODY):
            break
    writer.close()
    if not (first and ended):
        seen.errors += 1
        return
    seen.first.append(first)
    seen.total.append((time.perf_counter() - began) * 1000)


async def run(plan: dict[str, Any]) -> dict[str, Any]:
    """Ask `each` times one after the other, from so many callers at once."""
    parts = urlsplit(plan["url"])
    place = (str(parts.hostname), int(parts.port or 80))
    request = request_bytes(plan["url"], plan["body"], plan["token"])
    seen = Seen()

    async def caller() -> None:
        for _ in range(plan["each"]):
            try:
                async with asyncio.timeout(PATIENCE):
                    await ask(place, request, seen)
            except (OSError, TimeoutError):
                seen.errors += 1

    began = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(plan["callers"])))
    return {
        "first": _percentiles(seen.first),
        "total": _percentiles(seen.total),
        "words": seen.words,
        "errors": seen.errors,
        "seconds": time.perf_counter() - began,
    }


def _percentiles(values: list[float]) -> dict[str, float]:
    if len(values) < 2:  # noqa: PLR2004 - quantiles need two
        values = values * 2 or [float("nan")] * 2
    cuts = statistics.quantiles(values, n=100)
    return {str(percent): cuts[percent - 1] for percent in (50, 95)}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(json.loads(sys.stdin.read())))))
