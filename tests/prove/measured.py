"""What a running LISA holds on to, looked at again and again."""

import asyncio
import csv
from pathlib import Path
from statistics import median

import psutil
import psycopg

from local.postgres import EmbeddedPostgres
from tests.local.appenders import LocalLisa

CONNECTIONS = """
select count(*) from pg_stat_activity
where backend_type = 'client backend' and pid <> pg_backend_pid()
"""
PARTS = ("app", "worker")


class Measured:
    """One list of numbers per thing that must not grow."""

    def __init__(self, lisa: LocalLisa) -> None:
        """Find the processes once: one that is started anew in between fails the measuring."""
        self.series: dict[str, list[int]] = {}
        self._processes = {part: _process(lisa, f"local.{part}") for part in PARTS}
        self._conninfo = EmbeddedPostgres(lisa.home).conninfo

    async def until(self, stop: asyncio.Event, every_seconds: float) -> None:
        """Look until told to stop."""
        async with await psycopg.AsyncConnection.connect(
            self._conninfo, autocommit=True
        ) as connection:
            while not stop.is_set():
                await self._look(connection)
                await asyncio.sleep(every_seconds)

    def growth(self, name: str) -> tuple[float, float]:
        """Return the medians of the second and of the last fifth of the time."""
        numbers = self.series[name]
        fifth = len(numbers) // 5
        return median(numbers[fifth : 2 * fifth]), median(numbers[-fifth:])

    def write(self, file: Path) -> None:
        """Write everything down, one row per look."""
        file.parent.mkdir(exist_ok=True)
        with file.open("w", newline="") as opened:
            rows = csv.writer(opened)
            rows.writerow(self.series)
            rows.writerows(zip(*self.series.values(), strict=True))

    async def _look(self, connection: psycopg.AsyncConnection) -> None:
        for part, process in self._processes.items():
            self._note(f"{part} memory", process.memory_info().rss)
            self._note(f"{part} open files", process.num_fds())
        found = await (await connection.execute(CONNECTIONS)).fetchone()
        assert found is not None
        self._note("Postgres connections", found[0])

    def _note(self, name: str, number: int) -> None:
        self.series.setdefault(name, []).append(number)


def _process(lisa: LocalLisa, module: str) -> psutil.Process:
    (found,) = [each for each in lisa.processes() if module in each.cmdline()]
    return found
