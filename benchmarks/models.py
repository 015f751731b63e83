"""What LISA adds to an engine's own start, from asking for a model until it is in service.

One machine, one run, a real LISA, and an engine that stands in and takes its time. The table is
printed and written to `benchmarks/results/models.md`.
"""

import datetime as dt
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from statistics import median
from typing import Final, TypeVar

import httpx
import psutil

from benchmarks.serving.contenders import ROOT
from lisa.declared.home import postgres_place
from tests.local.living import Living, living_in

RESULTS: Final = ROOT / "benchmarks" / "results" / "models.md"
LOADS_FOR: Final = (0, 2, 4.5, 7, 9.5)  # seconds, for each run others
MOST: Final = 10  # seconds that may be added
LOOK: Final = 0.02
T = TypeVar("T")


@dataclass(frozen=True)
class Start:
    """Moments of one start, in seconds since this machine was started."""

    asked: float
    executed: float  # the engine
    healthy: float
    in_service: float

    @property
    def engine(self) -> float:
        """How long the engine itself took."""
        return self.healthy - self.executed

    @property
    def added(self) -> float:
        """How long all else took."""
        return self.in_service - self.asked - self.engine

    @property
    def row(self) -> str:
        """Return its line of the table."""
        parts = (
            self.engine,
            self.in_service - self.asked,
            self.added,
            self.executed - self.asked,
            self.in_service - self.healthy,
        )
        return " | ".join(f"{seconds:.1f} s" for seconds in parts)


def now() -> float:
    """Return the time by the clock that processes' starts are told by."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def executed(pid: int) -> float:
    """Return when a process was started: the 22nd field, of which the second may hold blanks."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[22 - 3]) / os.sysconf("SC_CLK_TCK")


def found(look: Callable[[], T | None]) -> T:
    """Look until there is something."""
    while (what := look()) is None:
        time.sleep(LOOK)
    return what


def started(living: Living, model: str, seconds: float) -> Start:
    """Create a model, and note when what happens."""
    asked = now()
    living.create(model, environment={"STAND_IN_LOADS_FOR": str(seconds)})
    engine = found(lambda: running_engine(living, model))
    port = engine.cmdline()[engine.cmdline().index("--port") + 1]
    healthy = found(lambda: healthy_since(f"http://127.0.0.1:{port}/health"))
    in_service = found(lambda: in_service_since(living, model))
    return Start(asked, executed(engine.pid), healthy, in_service)


def running_engine(living: Living, model: str) -> psutil.Process | None:
    """Return the engine's process below its keeper."""
    with suppress(psutil.NoSuchProcess):
        for process in map(psutil.Process, living.processes(model)):
            if "tests.standins.vllm" in process.cmdline():
                return process
    return None


def healthy_since(url: str) -> float | None:
    """Return the time if the engine says that it is healthy."""
    with suppress(httpx.TransportError):
        if httpx.get(url).status_code == HTTPStatus.OK:
            return now()
    return None


def in_service_since(living: Living, model: str) -> float | None:
    """Return the time if calls are let in."""
    return now() if living.model(model)["status"] == "InService" else None


@contextmanager
def place() -> Iterator[Path]:
    """Lend a folder, and remove all that LISA kept for it elsewhere."""
    folder = Path(tempfile.mkdtemp(prefix="lisa-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(postgres_place(folder / "home"), ignore_errors=True)
        shutil.rmtree(folder)


def measure() -> list[Start]:
    """Start models one after the other."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("LISA_")}
    with place() as folder, living_in(folder / "home", environ, folder) as living:
        starts = []
        for number, seconds in enumerate(LOADS_FOR):
            starts.append(started(living, f"m{number}", seconds))
            living.http.delete(f"/api/models/m{number}")
            living.becomes(f"m{number}", "gone")
        return starts


def document(starts: list[Start], load: float) -> str:
    """Write the table."""
    added = [each.added for each in starts]
    circumstances = (
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores (load "
        f"average before: {load:.1f}), Python {platform.python_version()}. From `POST /models` to "
        "`InService` in a local LISA, less what the engine took from its exec to its first healthy "
        "answer. The engine is a stand-in that takes another time in each run. Written by "
        "`benchmarks/models.py`."
    )
    lines = [
        "# What LISA adds to an engine's start",
        "",
        circumstances,
        "",
        "| run | engine alone | with LISA | added | of it before the exec | after it was healthy |",
        "|---|---|---|---|---|---|",
        *(f"| {number} | {each.row} |" for number, each in enumerate(starts, start=1)),
        "",
        f"Added: median {median(added):.1f} s, at most {max(added):.1f} s; {MOST} s are allowed.",
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure, print and write; fail where too much is added."""
    load = os.getloadavg()[0]
    starts = measure()
    text = document(starts, load)
    print(text)
    if "--print" not in sys.argv:
        RESULTS.write_text(text)
    return max(each.added for each in starts) > MOST


if __name__ == "__main__":
    sys.exit(main())
