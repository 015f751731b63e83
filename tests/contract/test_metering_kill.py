"""A process killed at any moment leaves its calls to the next one: each counted, none twice."""

import asyncio
import random
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lisa.adapters.files.journal import FileJournal
from lisa.adapters.postgres.tables import PostgresTables
from lisa.adapters.system.clock import SystemClock
from lisa.adapters.system.ids import RandomIds
from lisa.domain.usage import Call
from lisa.stores.usage.batches import UsageBatches
from lisa.stores.usage.records import CallSearch, UsageRecords
from lisa.stores.usage.sums import Span, UsageSums
from lisa.usecases.metering import BatchingMeter
from tests.contract.stores import empty_database

KILLS = 3


async def killed_after(lines: int, conninfo: str, folder: Path) -> Counter[str]:
    """Run a process until it has said so much; return how often it said each thing."""
    command = [sys.executable, "-m", "tests.contract.metering_process", conninfo, str(folder)]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    assert process.stdout
    said = b"".join([await process.stdout.readline() for _ in range(lines)])
    process.send_signal(signal.SIGKILL)
    said += await process.stdout.read()
    await process.wait()
    return Counter(line for line in said.decode().splitlines(keepends=False))


async def every_call(tables: PostgresTables, span: Span) -> list[Call]:
    records, calls = UsageRecords(tables), list[Call]()
    search = CallSearch(span.since, span.until, limit=1000)
    while True:
        page, cursor = await records.page(search)
        calls += page
        if not cursor:
            return calls
        search = CallSearch(span.since, span.until, limit=1000, cursor=cursor)


async def test_after_kills_every_call_is_counted_exactly_once(
    postgres: str, tmp_path: Path
) -> None:
    clock, today = SystemClock(), datetime.now(UTC)
    span = Span("day", today - timedelta(hours=1), today + timedelta(hours=1))
    async with empty_database(postgres) as pool:
        tables = PostgresTables(pool, clock)
        said: Counter[str] = Counter()
        for _ in range(KILLS):
            lines = random.randint(50, 2000)  # noqa: S311 - any moment will do
            said += await killed_after(lines, postgres, tmp_path)
        for _ in range(2):
            heir = BatchingMeter(UsageBatches(tables), FileJournal(tmp_path), clock, RandomIds())
            await heir.recover()
            heir.journal.close()
        calls = await every_call(tables, span)
        sums: Counter[str] = Counter()
        for _, each in await UsageSums(tables).of_all(span):
            sums.update(each)

    by_id = {call.id: call for call in calls}
    assert len(by_id) == len(calls) == sums["requests"]
    began, ends, ended = (
        {line.split()[1] for line in said if line.startswith(f"{word} ")}
        for word in ("began", "ends", "ended")
    )
    assert ended
    assert {name for name in ended if by_id[name].unsettled} == set()
    assert {name for name in began - ends if not by_id[name].unsettled} == set()
    assert len(by_id.keys() - began) <= KILLS  # written down, and killed before it was said
    unsettled = [call for call in calls if call.unsettled]
    settled = len(calls) - len(unsettled)
    assert sums["unsettled"] == len(unsettled) > 0
    assert sums["prompt"] == settled * 3 + len(unsettled) * 1000
    assert [path.name for path in sorted(tmp_path.glob("*.journal"))] == []  # noqa: ASYNC240 - once, at the end
