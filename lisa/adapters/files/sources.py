"""Folders of this machine as sources of documents: only below those an administrator named."""

import asyncio
import os
import stat
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final, TypeVar

from lisa.domain.errors import Invalid, TooLarge, Unavailable
from lisa.ports.sources import SourceFile

SCHEME: Final = "file:"
PIECE: Final = 1024 * 1024
LISTED_AT_ONCE: Final = 256
T = TypeVar("T")


class FolderSources:
    """Reads below these folders; a link that leads out of them is as if it weren't there."""

    def __init__(self, allowed: Sequence[Path]) -> None:
        """Touch nothing yet."""
        self._allowed = tuple(allowed)

    def check(self, source: str) -> None:
        """Return if files below this may be loaded, else raise `Invalid`."""
        if not source.startswith(SCHEME):
            raise Invalid(
                f"{source[:80]} is no folder of this machine",
                next_step="name one as file:/PATH",
                code="unknown_source",
            )
        self._path(source)

    async def files(self, source: str) -> AsyncIterator[SourceFile]:
        """Yield everything below, in order; hidden files are left out."""
        found = _below(self._path(source), self._is_allowed)
        while some := await _in_thread(lambda: list(islice(found, LISTED_AT_ONCE))):
            for each in some:
                yield each

    async def look(self, source: str) -> SourceFile | None:
        """Return the file that lies exactly there, or nothing."""
        path = self._path(source)
        return await _in_thread(lambda: _seen(path))

    async def fetch(self, source: str, to: Path, most: int) -> int | None:
        """Write a file's content to a path and return its size; nothing if it isn't there."""
        path = self._path(source)
        return await _in_thread(lambda: _copied(path, to, most))

    def _path(self, source: str) -> Path:
        path = Path(source.removeprefix(SCHEME))
        if not path.is_absolute() or ".." in path.parts or not self._is_allowed(path):
            raise Invalid(
                f"LISA may not load {source[:200]}",
                next_step="choose a folder below one that LISA_INGEST_FOLDERS names, or add it",
                code="source_not_allowed",
            )
        return path

    def _is_allowed(self, path: Path) -> bool:
        """Tell whether it lies below an allowed folder, wherever links lead."""
        real = path.resolve()
        return any(real.is_relative_to(each.resolve()) for each in self._allowed)


def _below(top: Path, is_allowed: Callable[[Path], bool]) -> Iterator[SourceFile]:
    if not top.is_dir():
        raise NotADirectoryError(top)
    for folder, folders, names in os.walk(top):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(each for each in names if not each.startswith(".")):
            path = Path(folder, name)
            seen = _seen(path) if is_allowed(path) else None
            if seen:
                yield seen


def _seen(path: Path) -> SourceFile | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    mark = f"{status.st_mtime_ns}-{status.st_size}"
    return SourceFile(f"{SCHEME}{path}", path.name, status.st_size, mark)


def _copied(path: Path, to: Path, most: int) -> int | None:
    if _seen(path) is None:
        return None
    with path.open("rb") as file, to.open("wb") as copy:
        return _copy(file, copy, most)


def _copy(file: BinaryIO, copy: BinaryIO, most: int) -> int:
    while piece := file.read(PIECE):
        copy.write(piece)
        if copy.tell() > most:
            raise TooLarge(
                f"a file may have {most // 1024 // 1024} MB",
                next_step="divide it into smaller ones",
                code="file_too_large",
            )
    return copy.tell()


async def _in_thread(work: Callable[[], T]) -> T:
    try:
        return await asyncio.to_thread(work)
    except OSError as error:
        raise Unavailable(
            f"{error.filename} can't be read: {error.strerror}",
            next_step="look whether it is there and LISA may read it",
            code="source_unreadable",
        ) from error
