"""Journals as files: each process appends to its own, and its lock tells that it lives.

A line is a letter and what it says: `b` a call that began, `e` one that ended, `B` the next ended
calls bound together, `S` a batch that is stored, `C` that the calls which began go on elsewhere.
Nothing waits for the disk: what was written outlives the process, though not the machine.
"""

import asyncio
import fcntl
import logging
import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from pydantic_core import to_json

from lisa.adapters.files.left_journal import LeftJournal
from lisa.domain.usage import Call
from lisa.ports.journal import Leftover

SUFFIX: Final = ".journal"
RENEWED_AT: Final = 4 * 1024 * 1024  # bytes
log = logging.getLogger("lisa.journal")


class FileJournal:
    """The journal of one process, in a folder that those of other processes share."""

    def __init__(self, folder: Path, renewed_at: int = RENEWED_AT) -> None:
        """Begin a file."""
        self._folder = folder
        self._renewed_at = renewed_at
        self._process = secrets.token_hex(8)
        self._batches = 0
        self._files = 0
        self._open: dict[str, bytes] = {}
        self._failing = False
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = self._next_path()
        self._file = _locked_file(self._path, b"")
        self._size = 0

    def begin(self, fields: Mapping[str, object]) -> None:
        """Keep what shall stand for a call if nothing more is heard of it."""
        line = b"b %b\n" % to_json(fields)
        self._open[str(fields["id"])] = line
        self._write(line)

    def end(self, call: Call) -> None:
        """Keep how the call ended."""
        self._open.pop(call.id, None)
        self._write(_ended(call))

    def batch(self, size: int) -> str:
        """Bind the next so many ended calls together, and name them."""
        self._batches += 1
        name = f"{self._process}-{self._batches}"
        self._write(f"B {name} {size}\n".encode())
        return name

    def stored(self, batch: str) -> None:
        """Note that a batch is stored."""
        self._write(f"S {batch}\n".encode())

    def renew(self, waiting: Sequence[Call]) -> None:
        """Replace a file that has grown by one of what isn't stored: at no time are there two."""
        if self._size >= self._renewed_at:
            lines = [*self._open.values(), *(_ended(call) for call in waiting)]
            self._go_on_in(self._path, lines)

    def set_aside(self) -> None:
        """Go on in a new file; the old one is left behind."""
        former = self._file
        if self._go_on_in(self._next_path(), self._open.values(), close=False):
            os.write(former, b"C\n")
            os.close(former)

    def close(self) -> None:
        """Write no more; where something isn't stored, the file stays."""
        leftover = LeftJournal(self._path, self._file)
        if any(leftover.batches()):
            leftover.let_go()
        else:
            leftover.remove()

    async def left_behind(self) -> Sequence[Leftover]:
        """Return the journals that nobody writes any more."""
        try:
            return await asyncio.to_thread(self._find_left)
        except OSError as error:
            self._complain(error)
            return []

    def _find_left(self) -> list[LeftJournal]:
        paths = sorted(path for path in self._folder.glob(f"*{SUFFIX}") if path != self._path)
        found = (_taken(path) for path in paths)
        return [LeftJournal(path, file) for path, file in zip(paths, found, strict=True) if file]

    def _next_path(self) -> Path:
        self._files += 1
        return self._folder / f"{self._process}-{self._files}{SUFFIX}"

    def _go_on_in(self, path: Path, lines: Iterable[bytes], *, close: bool = True) -> bool:
        """Write to another file from now on, if one can be made."""
        text = b"".join(lines)
        try:
            file = _locked_file(path, text)
        except OSError as error:
            self._complain(error)
            return False
        if close:
            os.close(self._file)
        self._path, self._file, self._size = path, file, len(text)
        return True

    def _write(self, line: bytes) -> None:
        try:
            self._size += os.write(self._file, line)
        except OSError as error:
            self._complain(error)
        else:
            self._failing = False

    def _complain(self, error: OSError) -> None:
        if not self._failing:  # once, not for each call
            log.error("calls can't be written down: %s", error.strerror)
        self._failing = True


def _locked_file(path: Path, text: bytes) -> int:
    """Make a file, and lock it before anybody sees it."""
    draft = path.with_suffix(".draft")
    file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
    fcntl.flock(file, fcntl.LOCK_EX)
    os.write(file, text)
    draft.replace(path)
    return file


def _ended(call: Call) -> bytes:
    return b"e %b\n" % call.model_dump_json(exclude_defaults=True).encode()


def _taken(path: Path) -> int | None:
    """Take the lock of a file, if its process is dead and the file still has that name."""
    try:
        file = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if path.stat().st_ino == os.fstat(file).st_ino:
            return file
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(file)
    return None
