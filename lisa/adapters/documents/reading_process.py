"""A process that reads files, seen from ours: orders go in, lines of JSON come out."""

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final
from weakref import finalize

from lisa.adapters.documents import faults, processes, reading
from lisa.domain.errors import Unavailable

READ_AT_ONCE: Final = 256 * 1024
LONGEST_LINE: Final = 8 * 1024 * 1024  # a process that was taken over may write anything


class ReadingProcess:
    """It ends with `end`, or when nobody knows it any more."""

    def __init__(self, megabytes: int) -> None:
        self._process = subprocess.Popen(
            processes.command(reading.__name__, str(megabytes)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=processes.environment(),
            process_group=0,  # with all that it forks
            bufsize=0,
        )
        self.end = finalize(self, _end, self._process)
        self._unread = bytearray()
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        self._output = self._process.stdout.fileno()
        os.set_blocking(self._output, False)

    @property
    def is_alive(self) -> bool:
        """Tell whether it can be asked; anybody may have ended it meanwhile."""
        return self._process.poll() is None

    def order(self, wanted: Mapping[str, Any]) -> None:
        """Ask for a file to be read."""
        assert self._process.stdin is not None  # noqa: S101 - it is a pipe
        try:
            self._process.stdin.write(json.dumps(wanted).encode() + b"\n")
        except BrokenPipeError as fault:
            raise _gone() from fault

    async def told(self) -> dict[str, Any]:
        """Wait for the next thing that it tells."""
        while True:
            line, ended, rest = self._unread.partition(b"\n")
            if not ended:
                await self._more()
                continue
            self._unread = rest
            if line:
                return _meant(bytes(line))

    async def _more(self) -> None:
        if len(self._unread) > LONGEST_LINE:
            raise faults.broken()
        await _readable(self._output)
        with suppress(BlockingIOError):
            read = os.read(self._output, READ_AT_ONCE)
            if not read:
                raise _gone()
            self._unread += read


def _meant(line: bytes) -> dict[str, Any]:
    try:
        told = json.loads(line)
    except ValueError:  # what was being told when the process was ended
        return {}
    return told if isinstance(told, dict) else {}


async def _readable(file: int) -> None:
    """Wait for it without a transport: those want to be closed by the loop that made them."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(file, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(file)


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()
    process.wait()


def _gone() -> Unavailable:
    return Unavailable(
        "the process that read this file was ended from outside",
        next_step="try again",
        code="reading_ended",
    )
