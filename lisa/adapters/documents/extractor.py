"""Reads files of any size in processes of their own and hands on what they tell as it comes."""

import asyncio
import logging
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from lisa.adapters.documents import faults
from lisa.adapters.documents.processes import MEGABYTE
from lisa.adapters.documents.reading_process import ReadingProcess
from lisa.adapters.documents.sizes import LARGEST_TEXT
from lisa.domain.errors import Invalid, TooLarge
from lisa.ports.extraction import Nature, Section

TABLES_TAKE: Final = 5  # times as long
TEXT: Final = Nature("text")
OUT_OF_TIME: Final = -signal.SIGXCPU
OUT_OF_MEMORY: Final = (-signal.SIGABRT, -signal.SIGTRAP, -signal.SIGKILL)  # as parsers end then
log = logging.getLogger("lisa.documents")


class ProcessExtractor:
    """Each file has `seconds`, more where it is large, and `megabytes` to be read in.

    Only the time counts in which somebody waits for it.
    """

    def __init__(
        self,
        *,
        at_once: int = 2,
        seconds: int = 60,
        seconds_per_megabyte: int = 3,
        megabytes: int = 1024,
    ) -> None:
        self._seconds = seconds
        self._seconds_per_megabyte = seconds_per_megabyte
        self._megabytes = megabytes
        self._places = asyncio.Semaphore(at_once)
        self._idle: list[ReadingProcess] = []

    @asynccontextmanager
    async def read(
        self, file: Path, name: str, *, tables: bool = False
    ) -> AsyncIterator["ProcessReading"]:
        """Open a file; whoever leaves before its end ends the reading."""
        size = (await asyncio.to_thread(file.stat)).st_size
        if not size:
            raise faults.empty()
        if size > LARGEST_TEXT:
            raise faults.too_large(size, LARGEST_TEXT)
        seconds = self._seconds + self._seconds_per_megabyte * size // MEGABYTE
        seconds *= TABLES_TAKE if tables else 1
        order = {"file": str(file), "name": name, "tables": tables, "seconds": seconds}
        async with self._places:
            process = await self._process()
            reading = ProcessReading(process, seconds)
            try:
                process.order(order)
                await reading.enter()
                yield reading
            finally:
                await self._leave(process, reading)

    async def _process(self) -> ReadingProcess:
        while self._idle:
            if (process := self._idle.pop()).is_alive:
                return process
        return await asyncio.to_thread(ReadingProcess, self._megabytes)

    async def _leave(self, process: ReadingProcess, reading: "ProcessReading") -> None:
        if reading.is_over:
            self._idle.append(process)
        else:
            await asyncio.to_thread(process.end)


@dataclass
class ProcessReading:
    """A file that is being read; once it `is_over` its process is free for the next."""

    process: ReadingProcess
    seconds: int
    nature: Nature = TEXT
    warnings: tuple[str, ...] = ()
    is_over: bool = False
    _waited: float = field(default=0, init=False)

    async def enter(self) -> None:
        """Wait until it is known what the file is."""
        told = await self._told()
        self.nature = Nature(str(told["kind"]), told["pages"])

    async def __aiter__(self) -> AsyncIterator[Section]:
        """Yield its sections as they come."""
        while told := await self._told():
            for text, page, headings, whole in told["sections"]:
                yield Section(text, page, tuple(headings), whole)
            self.warnings = tuple(told.get("warnings", ()))

    async def _told(self) -> dict[str, Any]:
        """Return the next thing, nothing at the end; raise what is told to be wrong."""
        if self.is_over:
            return {}
        told = await self._awaited()
        if "refused" in told or "failed" in told:
            await self._over()
            raise _refusal(told)
        if "ended" in told:
            self.is_over = True
            if status := told["ended"]:
                raise self._cause(status)
            return {}
        return told

    async def _over(self) -> None:
        while "ended" not in await self._awaited():
            continue
        self.is_over = True

    async def _awaited(self) -> dict[str, Any]:
        started = time.monotonic()
        try:
            async with asyncio.timeout(self.seconds - self._waited):
                return await self.process.told()
        except TimeoutError as fault:
            raise faults.too_slow(self.seconds) from fault
        finally:
            self._waited += time.monotonic() - started

    def _cause(self, status: int) -> Invalid:
        if status == OUT_OF_TIME:
            return faults.too_slow(self.seconds)
        if status in OUT_OF_MEMORY:
            return faults.too_complex("takes more memory than is given to reading one")
        log.warning("reading a file ended with status %s", status)
        return faults.broken()


def _refusal(told: dict[str, Any]) -> Invalid:
    if "failed" in told:
        log.warning("reading a file failed: %s", str(told["failed"])[:100])
        return faults.broken()
    refused = told["refused"]
    kind = TooLarge if refused["is_large"] else Invalid
    return kind(refused["message"], next_step=refused["next_step"], code=refused["code"])
