"""Waiting for jobs: how far they are, which document is worked on, and how it ended."""

import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TextIO

from cli.client import Lisa
from cli.errors import printable
from cli.rag.places import Place, every

LOOK_EVERY_SECONDS: Final = 0.5
REDRAW: Final = "\r\x1b[K"
WORKING: Final = "INGESTION_IN_PROGRESS"
FAILED: Final = "INGESTION_FAILED"
TOLD_EVERY_PERCENT: Final = 10
Documents = list[Mapping[str, Any]]


@dataclass(frozen=True)
class Ended:
    """How jobs ended."""

    jobs: Sequence[Mapping[str, Any]]
    failed: Documents

    @property
    def document(self) -> dict[str, object]:
        """Return it for a program."""
        return {"jobs": self.jobs, "failed": self.failed}

    @property
    def summary(self) -> str:
        """Write it for a person."""
        done, skipped = (sum(each[name] for each in self.jobs) for name in ("done", "skipped"))
        failed = sum(each["failed"] for each in self.jobs)
        unchanged = f" ({skipped} of them had not changed)" if skipped else ""
        return f"{done} done{unchanged}, {failed} failed"


def wait(lisa: Lisa, place: Place, jobs: Sequence[Mapping[str, Any]], ids: set[str]) -> Ended:
    """Wait until jobs are over; an empty set of ids stands for all documents."""
    teller = Teller(sys.stderr)
    while True:
        jobs = [lisa.ask("GET", f"{place.jobs}/{each['jobId']}") for each in jobs]
        over = all(each["isOver"] for each in jobs)
        teller.tell(jobs, [] if over else _of_ours(lisa, place, ids, WORKING, most=100))
        if over:
            break
        time.sleep(LOOK_EVERY_SECONDS)
    teller.end()
    broken = any(each["failed"] for each in jobs)
    return Ended(jobs, _of_ours(lisa, place, ids, FAILED) if broken else [])


def _of_ours(lisa: Lisa, place: Place, ids: set[str], status: str, most: int = 0) -> Documents:
    path = f"{place.path}/documents"
    if most:
        found = lisa.ask("GET", path, status=status, limit=str(most))["documents"]
    else:
        found = every(lisa, path, "documents", status=status)
    return [each for each in found if not ids or each["documentId"] in ids]


@dataclass
class Teller:
    """Tells on a stream; on a terminal in place, else at every tenth."""

    stream: TextIO
    _tenths: int = field(default=0, init=False)
    _drawn: bool = field(default=False, init=False)

    def tell(self, jobs: Sequence[Mapping[str, Any]], working: Documents) -> None:
        """Tell how far it is."""
        total = sum(each["total"] for each in jobs)
        over = sum(each["done"] + each["failed"] for each in jobs)
        line = f"{over} of {total} documents"
        if self.stream.isatty():
            doing = "".join(f", {each['name']} ({_passages(each)})" for each in working)
            width = shutil.get_terminal_size().columns - 1
            self.stream.write(REDRAW + printable(line + doing)[:width])
            self.stream.flush()
            self._drawn = True
        elif total and (tenths := 100 * over // total // TOLD_EVERY_PERCENT) > self._tenths:
            self._tenths = tenths
            self.stream.write(f"{line}\n")

    def end(self) -> None:
        """Take the line away, so that what follows has its own."""
        if self._drawn:
            self.stream.write(REDRAW)


def _passages(document: Mapping[str, Any]) -> str:
    expected = document["expected"]
    return f"{document['passages']} of {expected} passages" if expected else "being read"
