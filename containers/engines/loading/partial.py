"""A file that comes in by parts, in any order, and goes on where it was broken off.

Beside the folder's files lie, below `.lisa`, a `.part` with what has come and a `.notes` that tells
which object it is of and which parts are in it. The notes stay, as proof of a finished file.
"""

import json
import os
from pathlib import Path
from threading import Lock
from typing import Final

from containers.engines.loading.manifest import OURS, Wanted

WHOLE: Final = "whole"
BLOCK: Final = 512  # in which POSIX counts what a file occupies


class Partial:
    """One file, on its way into a folder."""

    def __init__(self, folder: Path, file: Wanted, part_bytes: int) -> None:
        """Touch nothing yet."""
        self.file, self._part_bytes = file, part_bytes
        self.target = folder / file.path
        self._part = folder / OURS / f"{file.path}.part"
        self._notes = folder / OURS / f"{file.path}.notes"
        self._count = -(-file.size // part_bytes)
        self._came, self._left = set[int](), set[int]()
        self._lock, self.descriptor = Lock(), -1

    @property
    def is_resumed(self) -> bool:
        """Tell whether some of it came with an earlier try."""
        return bool(self._came)

    def is_whole(self) -> bool:
        """Tell whether exactly this file was finished before."""
        lines = self._lines()
        return WHOLE in lines and self.target.is_file() and self._length(self.target)

    def prepare(self) -> int:
        """Remove what is of another object; return how many bytes the disk must still take."""
        for each in (self.target, self._part):
            each.parent.mkdir(parents=True, exist_ok=True)
        self._came = self._parts_noted()
        if self._came:
            return max(0, self.file.size - self._part.stat().st_blocks * BLOCK)
        # Without the old one, notes that say "whole" can only be about the new one.
        for each in (self.target, self._part):
            each.unlink(missing_ok=True)
        self._notes.write_text(f"{self._identity()}\n")
        return self.file.size

    def open(self) -> list[int]:
        """Take its place on the disk; return the parts that haven't come."""
        self.descriptor = os.open(self._part, os.O_RDWR | os.O_CREAT, 0o644)
        if self.file.size:
            os.posix_fallocate(self.descriptor, 0, self.file.size)
        self._left = set(range(self._count)) - self._came
        return sorted(self._left)

    def bounds(self, index: int) -> tuple[int, int]:
        """Return where a part begins, and where the next one does."""
        start = index * self._part_bytes
        return start, min(start + self._part_bytes, self.file.size)

    def write(self, content: bytes, offset: int) -> None:
        """Put content where it belongs."""
        view = memoryview(content)
        while view:
            written = os.pwrite(self.descriptor, view, offset)
            view, offset = view[written:], offset + written

    def note(self, index: int) -> bool:
        """Note that a part has come; return whether it was the last."""
        with self._lock:
            self._write_note(str(index))
            self._left.discard(index)
            return not self._left

    def forget(self) -> None:
        """Throw away what has come, as it is damaged."""
        self.close()
        self._part.unlink()

    def keep(self) -> None:
        """Put the finished file into its place."""
        self.close()
        self._write_note(WHOLE)
        self._part.replace(self.target)

    def close(self) -> None:
        """Let go of the file; what has come stays."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

    def _parts_noted(self) -> set[int]:
        """Return the parts that have come, if they are of this very object."""
        if not self._part.is_file() or not self._length(self._part):
            return set()
        return {int(each) for each in self._lines() if each.isdigit()}

    def _lines(self) -> list[str]:
        """Return the notes on this very object; a line that was broken off isn't one."""
        if not self._notes.is_file():
            return []
        identity, *lines = self._notes.read_text().split("\n")
        return lines[:-1] if identity == self._identity() else []

    def _identity(self) -> str:
        file = self.file
        return json.dumps([file.listed.etag, file.size, file.sha256, self._part_bytes])

    def _length(self, path: Path) -> bool:
        return path.stat().st_size == self.file.size

    def _write_note(self, line: str) -> None:
        with self._notes.open("a") as notes:
            notes.write(f"{line}\n")


def remove_others(folder: Path, files: list[Wanted]) -> None:
    """Remove what was brought here before and belongs to the model no more; nothing else."""
    notes = folder / OURS
    wanted = {each.path for each in files}
    for note in notes.rglob("*.notes"):
        path = str(note.relative_to(notes)).removesuffix(".notes")
        if path not in wanted:
            for each in (folder / path, notes / f"{path}.part", note):
                each.unlink(missing_ok=True)
