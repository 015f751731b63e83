"""How much memory the worker needs for a large folder, whose files a pipeline brings.

The embedder stands in and is never waited for, so that as much is under way as ever can be. What
is printed is written to `benchmarks/results/rag-memory.md`, too; it takes about an hour.
"""

import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

import httpx
import psutil

from benchmarks.rag.folders import large_folder
from benchmarks.rag.report import commit, today, verdict
from benchmarks.rag.running import REPOSITORY, Running, running
from benchmarks.rag.sentences import files_of
from benchmarks.serving.contenders import ROOT, family, free_port, server

RESULTS: Final = ROOT / "benchmarks" / "results" / "rag-memory.md"
LARGE: Final = int(os.environ.get("BENCH_LARGE", "500"))  # MB
VECTORS: Final = 10_000  # to choose from
MOST: Final = 500.0  # MB
LOOK_EVERY: Final = 0.2
MODEL: Final = "quick"


@dataclass
class Peak:
    """The most that was held at one time, in MB."""

    worker: float = 0  # the process itself
    everything: float = 0  # with the processes that read files

    def look(self, worker: psutil.Process) -> None:
        """Look now; pages that processes share count for each."""
        with suppress(psutil.Error):
            own, *readers = [_megabytes(each) for each in family(worker)]
            self.worker = max(self.worker, own)
            self.everything = max(self.everything, own + sum(readers))


@dataclass(frozen=True)
class Filled:
    """What a large folder came to."""

    megabytes: int
    files: int
    failed: int
    passages: int
    seconds: float
    before: float  # MB of the worker, before anything is read
    worker: float
    everything: float


def measured(megabytes: int, vectors: Path) -> Filled:
    """Have a whole LISA ingest so much, and watch its worker."""
    with tempfile.TemporaryDirectory(prefix="lisa-bench-") as place:
        folder, port = Path(place) / "folder", free_port()
        files = large_folder(folder, megabytes)
        command = [sys.executable, "-m", "benchmarks.rag.quick_embedder", str(vectors), str(port)]
        with (
            server("embedder", command, {}, port, "/v1/models") as embedder,
            running(LISA_INGEST_FOLDERS=json.dumps([place])) as lisa,
        ):
            before, peak = Peak(), Peak()
            before.look(lisa.process("local.worker"))
            began = time.monotonic()
            with watched(lisa.process("local.worker"), peak):
                collection = _brought(lisa, folder, embedder.url, files)
            seconds = time.monotonic() - began
            documents = list(lisa.documents(collection))
    failed = sum(not each["passages"] for each in documents)
    passages = sum(each["passages"] for each in documents)
    size = (megabytes, files, failed, passages, seconds)
    return Filled(*size, before.worker, peak.worker, peak.everything)


def document(seen: Filled) -> str:
    """Write it down."""
    what = (
        f"{seen.everything:.0f} MB held at most by the worker and the processes that read for it "
        f"(itself {seen.worker:.0f}, {seen.before:.0f} before)"
    )
    machine = (
        f"{platform.machine()}, {os.cpu_count()} cores (load average {os.getloadavg()[2]:.0f})"
    )
    where = (
        f"{today()}, commit {commit()}, {machine}, Python {platform.python_version()}. A whole "
        "local LISA whose pipeline brings a folder, beside an embedder that stands in and is never "
        "waited for. Resident memory; pages that processes share count for each. Written by "
        "`benchmarks/rag/memory.py`."
    )
    came = (
        f"- {seen.files:,} files of {seen.megabytes} MB became {seen.passages:,} passages in "
        f"{seen.seconds:,.0f} s; {seen.failed} have no text"
    )
    met = verdict(what, f"< {MOST:.0f}", seen.everything < MOST)
    return f"# How much memory a large folder takes\n\n{where}\n\n{met}\n{came}\n"


@contextmanager
def watched(process: psutil.Process, peak: Peak) -> Iterator[None]:
    """Look at a process again and again."""
    stop = Event()

    def look() -> None:
        while not stop.wait(LOOK_EVERY):
            peak.look(process)

    thread = Thread(target=look)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _brought(lisa: Running, folder: Path, embedder: str, files: int) -> str:
    """Have a pipeline bring the folder; return when its job is over."""
    model = {
        "modelId": MODEL,
        "modelType": "embedding",
        "upstreams": [{"url": f"{embedder}/v1", "concurrent": 64}],
    }
    lisa.asked("POST", "/api/models", json=model)
    collection = lisa.collection("large", MODEL)
    pipeline = {
        "id": "large",
        "source": f"file:{folder}",
        "collectionId": "large",
        "trigger": "schedule",
    }
    lisa.asked("PUT", REPOSITORY, json={"pipelines": [pipeline]})
    lisa.asked("POST", f"{REPOSITORY}/pipelines/large/run")
    _wait(lisa, files)
    return collection


def _wait(lisa: Running, files: int) -> None:
    """Return when as many are done, well or not, as there are."""
    while True:
        with suppress(httpx.TransportError):  # asked again: an hour's work isn't lost for one
            jobs: list[dict[str, Any]] = lisa.asked("GET", f"{REPOSITORY}/jobs")["jobs"]
            if sum(each["done"] + each["failed"] for each in jobs) >= files:
                return
        time.sleep(1)


def _megabytes(process: psutil.Process) -> float:
    return process.memory_info().rss / 1e6


def main() -> None:
    """Measure, print and write."""
    text = document(measured(LARGE, files_of(VECTORS)[1]))
    print(text)
    RESULTS.write_text(text)


if __name__ == "__main__":
    main()
