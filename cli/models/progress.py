"""How far an upload is, told while it goes on: one line that is redrawn, or lines in a log."""

import shutil
import threading
import time
from typing import Final, TextIO

from cli.errors import printable

REDRAWN_EVERY_SECONDS: Final = 0.1
REDRAW: Final = "\r\x1b[K"
TOLD_EVERY_PERCENT: Final = 10
KILO: Final = 1000


class Progress:
    """Tells on a stream; on a terminal in place, else at every tenth."""

    def __init__(self, stream: TextIO, total: int) -> None:
        """Tell nothing yet."""
        self._stream = stream
        self._total = total
        self._done = 0
        self._name = ""
        self._in_place = stream.isatty()
        self._told_last = 0.0
        self._tenths_told = 0
        self._one_at_a_time = threading.Lock()

    def begins(self, name: str) -> None:
        """Hear which file is read now."""
        with self._one_at_a_time:
            self._name = name
            self._tell()

    def passed(self, size: int) -> None:
        """Hear of bytes that lie there by now."""
        with self._one_at_a_time:
            self._done += size
            self._tell()

    def end(self) -> None:
        """Leave the line, so that what follows has its own."""
        if self._in_place and self._told_last:
            self._stream.write(f"{REDRAW}{self._line()}\n")

    def _tell(self) -> None:
        if self._in_place:
            self._redraw()
        elif self._percent() // TOLD_EVERY_PERCENT > self._tenths_told:
            self._tenths_told = self._percent() // TOLD_EVERY_PERCENT
            self._stream.write(f"{self._line()}\n")
            self._stream.flush()

    def _redraw(self) -> None:
        now = time.monotonic()
        if now - self._told_last >= REDRAWN_EVERY_SECONDS:
            self._told_last = now
            line = f"{self._line()}, reading {printable(self._name)}"
            self._stream.write(REDRAW + line[: shutil.get_terminal_size().columns - 1])
            self._stream.flush()

    def _percent(self) -> int:
        return 100 * self._done // self._total if self._total else 100

    def _line(self) -> str:
        return f"{size(self._done)} of {size(self._total)} there ({self._percent()} %)"


def size(count: float) -> str:
    """Write a number of bytes as people read it."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < KILO:
            return f"{count:.0f} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= KILO
    return f"{count:.1f} TB"
