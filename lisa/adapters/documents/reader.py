"""Reads files in processes of their own, which a parser can hang or crash without harm to us."""

import asyncio
import json
import logging
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from lisa.adapters.documents import faults, processes, worker
from lisa.domain.document import LARGEST_DOCUMENT, Document, image_type
from lisa.domain.errors import Invalid, Unavailable

AT_ONCE: Final = 2
UNREADABLE: Final = 1  # the worker said why
log = logging.getLogger("lisa.documents")


def _places() -> asyncio.Semaphore:
    return asyncio.Semaphore(AT_ONCE)


@dataclass(frozen=True)
class ProcessReader:
    """Each file has `seconds` and `megabytes` to be read in, and waits as long for its turn."""

    seconds: int = 20
    megabytes: int = 512
    places: asyncio.Semaphore = field(default_factory=_places)

    async def read(self, content: bytes) -> Document:
        """Return the text of a file, or only the type of an image."""
        if not content:
            raise faults.empty()
        if len(content) > LARGEST_DOCUMENT:
            raise faults.too_large(len(content), LARGEST_DOCUMENT)
        if image := image_type(content):
            return Document("image", image_type=image)
        async with self._place():
            status, output, failure = await self._work(content)
        if status == 0:
            return Document.from_json(output)
        if status == UNREADABLE and output:
            raise Invalid(**json.loads(output))
        if status == -signal.SIGXCPU:
            raise faults.too_slow(self.seconds)
        log.warning("reading a file ended with status %s: %s", status, _name_of(failure))
        raise faults.broken()

    async def _work(self, content: bytes) -> tuple[int | None, bytes, bytes]:
        limits = (str(self.seconds), str(self.megabytes))
        process = await asyncio.create_subprocess_exec(
            *processes.command(worker.__name__, *limits),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=processes.environment(),
        )
        try:
            async with asyncio.timeout(self.seconds):
                output, failure = await process.communicate(content)
        except TimeoutError as fault:
            raise faults.too_slow(self.seconds) from fault
        finally:
            await _end(process)
        return process.returncode, output, failure

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        try:
            await asyncio.wait_for(self.places.acquire(), self.seconds)
        except TimeoutError as fault:
            raise Unavailable(
                "too many files are being read", next_step="try again in a minute", code="busy"
            ) from fault
        try:
            yield
        finally:
            self.places.release()


def _name_of(failure: bytes) -> str:
    """Return the sort of an exception; what it says may quote the file."""
    last = failure.strip().rpartition(b"\n")[2]
    return last.partition(b":")[0][:100].decode("ascii", "replace")


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.wait()
