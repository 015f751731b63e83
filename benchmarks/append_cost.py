"""What an append costs at item 10, 1,000 and 10,000, beside rewriting the chat as one document.

The peer is the shape LISA 6.6 keeps a chat in: one document, written whole at each turn. Both run
on the same embedded Postgres through the same adapter, in turns, in one run.
"""

import asyncio
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Awaitable
from pathlib import Path

from lisa.adapters.files.blobs import FileBlobs
from lisa.adapters.postgres.connections import open_pool
from lisa.adapters.postgres.schema import create_tables
from lisa.adapters.postgres.tables import PostgresTables
from lisa.adapters.system.clock import SystemClock
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.chat_routes import session_services
from lisa.bootstrap.content_ports import ContentPorts
from lisa.declared.tables import SESSIONS, TABLES
from lisa.domain.errors import TooLarge
from lisa.domain.identity import Principal
from lisa.domain.session import Draft
from lisa.ports.table import Json, Put, Row
from lisa.usecases.sessions import Sessions
from local.postgres import EmbeddedPostgres

CALLER = Principal(subject="bench")
TEXT = "A sentence of the length people send when they ask for something. " * 3
MARKS = (10, 1_000, 10_000)
SAMPLES = 60


def message(number: int) -> Draft:
    """Return an item of ordinary length."""
    part = {"type": "input_text", "text": TEXT}
    return Draft(id=f"i{number}", role="user", parts=(part,))


async def fill(sessions: Sessions, upto: int) -> str:
    """Make a session of that many items."""
    session = await sessions.create(CALLER)
    for start in range(0, upto, 500):
        drafts = [message(number) for number in range(start, min(start + 500, upto))]
        await sessions.append(CALLER, session.id, drafts)
    return session.id


async def milliseconds(work: Awaitable[object]) -> float:
    """Time one piece of work."""
    started = time.perf_counter()
    await work
    return (time.perf_counter() - started) * 1000


async def append_times(sessions: Sessions, length: int) -> list[float]:
    """Time appends behind that many items."""
    session_id = await fill(sessions, length)
    numbers = range(length, length + SAMPLES)
    return [
        await milliseconds(sessions.append(CALLER, session_id, [message(number)]))
        for number in numbers
    ]


async def rewrite_times(tables: PostgresTables, length: int) -> list[float] | None:
    """Time writing the whole chat, if the store takes it at all."""
    history: list[Json] = [{"type": "human", "content": TEXT} for _ in range(length)]
    row: Row = {"pk": "peer", "sk": str(length), "history": history}
    try:
        return [await milliseconds(tables.apply(Put(SESSIONS, row))) for _ in range(SAMPLES)]
    except TooLarge:
        return None


def shown(times: list[float] | None) -> str:
    """Write times as a cell of the table."""
    if times is None:
        return "refused: over 400 KB"
    ordered = sorted(times)
    return f"{statistics.median(ordered):.1f} / {ordered[int(len(ordered) * 0.95)]:.1f}"


async def measure(conninfo: str, files: Path) -> None:
    """Measure and print."""
    async with open_pool(conninfo) as pool:
        async with pool.connection() as connection:
            await create_tables(connection, TABLES)
        clock = SystemClock()
        tables = PostgresTables(pool, clock)
        blobs = FileBlobs(files, b"0" * 32, clock, "http://127.0.0.1")
        sessions = session_services(ContentPorts(tables, clock, RandomIds(), blobs)).sessions
        print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
        print("| items before | append, ms p50 / p95 | whole document, ms p50 / p95 |")
        print("|---:|---:|---:|")
        for length in MARKS:
            ours = await append_times(sessions, length)
            peer = await rewrite_times(tables, length)
            print(f"| {length:,} | {shown(ours)} | {shown(peer)} |")


def main() -> None:
    """Run on a Postgres of our own."""
    with tempfile.TemporaryDirectory() as folder:
        postgres = EmbeddedPostgres(Path(folder) / "home")
        postgres.start()
        try:
            asyncio.run(measure(postgres.conninfo, Path(folder) / "files"))
        finally:
            postgres.stop()


if __name__ == "__main__":
    main()
