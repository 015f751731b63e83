"""A whole local LISA that ingests and is searched, and what its processes do meanwhile."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import httpx
import psutil

from benchmarks.extraction import MEGABYTE
from lisa.declared.entry_points import STAGE
from lisa.declared.home import CLI_TOKEN, postgres_place
from local.builtin.names import EMBEDDER
from local.postgres import EmbeddedPostgres
from tests.local.supervised import Local

REPOSITORY: Final = f"/{STAGE}/repositories/local"
LOOK_EVERY: Final = 0.1
MOST_IN_A_CALL: Final = 500
NANOSECONDS: Final = 1e9


@dataclass(frozen=True)
class Busy:
    """How a thread spent its time: it computed, or it had work and waited for a core."""

    ran: float
    waited: float


@dataclass(frozen=True)
class Ingested:
    """What an ingestion came to."""

    megabytes: float
    seconds: float
    passages: int
    busy: Busy
    processors: Mapping[str, float]  # seconds by program

    @property
    def speed(self) -> float:
        """Megabytes of files a second."""
        return self.megabytes / self.seconds

    @property
    def computing(self) -> float:
        """Which share of the time the embedder computed."""
        return self.busy.ran / self.seconds

    @property
    def wanted(self) -> float:
        """Which share of the time the embedder had something to compute."""
        return (self.busy.ran + self.busy.waited) / self.seconds


@dataclass(frozen=True)
class Running:
    """A LISA that runs."""

    lisa: Local

    @cached_property
    def token(self) -> str:
        """Return an administrator's token."""
        return (self.lisa.home / CLI_TOKEN).read_text().strip()

    @cached_property
    def http(self) -> httpx.Client:
        """Return what asks it."""
        headers = {"authorization": f"Bearer {self.token}"}
        return httpx.Client(base_url=self.lisa.url, headers=headers, timeout=120)

    @property
    def conninfo(self) -> str:
        """Return how to connect to its Postgres."""
        return EmbeddedPostgres(self.lisa.home).conninfo

    def asked(self, method: str, path: str, **more: Any) -> Any:
        """Ask, and return what was answered."""
        answer = self.http.request(method, path, **more)
        if not answer.is_success:
            raise RuntimeError(answer.text)
        return answer.json()

    def collection(self, name: str, embedder: str = EMBEDDER) -> str:
        """Make a collection; return its path."""
        body = {"collectionId": name, "name": name, "embeddingModel": embedder}
        self.asked("POST", f"{REPOSITORY}/collections", json=body)
        return f"{REPOSITORY}/collections/{name}"

    def process(self, module: str) -> psutil.Process:
        """Return one of its own processes."""
        found = self.lisa.child(module)
        if found is None:
            raise RuntimeError(f"there is no {module}")
        return found

    def uploaded(self, collection: str, files: Sequence[Path]) -> list[str]:
        """Upload files; return the documents' ids."""
        return [self._uploaded(collection, file) for file in files]

    def _uploaded(self, collection: str, file: Path) -> str:
        kind, size = "application/octet-stream", file.stat().st_size
        about = {"name": file.name, "size": size, "contentType": kind}
        link = self.asked("POST", f"{collection}/uploads", json=about)
        content = file.read_bytes()
        self.http.put(
            link["url"], content=content, headers={"content-type": kind}
        ).raise_for_status()
        return str(link["documentId"])

    def ingested(self, collection: str, files: Sequence[Path]) -> Ingested:
        """Have files made findable, measured from the order to the end of the last."""
        ids = self.uploaded(collection, files)
        embedder, before = self.process("local.builtin"), self.processors()
        watched, began = threads(embedder.pid), time.monotonic()
        jobs = [
            self.asked("POST", f"{collection}/documents", json={"documentIds": some})["job"]
            for some in (ids[at : at + MOST_IN_A_CALL] for at in range(0, len(ids), MOST_IN_A_CALL))
        ]
        for job in jobs:
            self.waited(job["jobId"])
        seconds, after = time.monotonic() - began, self.processors()
        return Ingested(
            megabytes=sum(each.stat().st_size for each in files) / MEGABYTE,
            seconds=seconds,
            passages=self.passages(collection),
            busy=busiest(embedder.pid, watched),
            processors={name: after[name] - before.get(name, 0) for name in after},
        )

    def waited(self, job_id: str) -> None:
        """Return when a job is over, which must have gone well."""
        while not (job := self.asked("GET", f"{REPOSITORY}/jobs/{job_id}"))["isOver"]:
            time.sleep(LOOK_EVERY)
        if job["failed"]:
            raise RuntimeError(str(job))

    def passages(self, collection: str) -> int:
        """Count what can be found."""
        return sum(each["passages"] for each in self.documents(collection))

    def documents(self, collection: str) -> Iterator[Mapping[str, Any]]:
        """Yield the documents of a collection."""
        cursor, more = "", True
        while more:
            about: dict[str, Any] = {"limit": 100, "cursor": cursor}
            page = self.asked("GET", f"{collection}/documents", params=about)
            yield from page["documents"]
            cursor = page.get("nextCursor") or ""
            more = bool(cursor)

    def processors(self) -> dict[str, float]:
        """Return the seconds of processors that each program has used so far, with ended ones."""
        used: dict[str, float] = {}
        for process in self.lisa.processes():
            with suppress(psutil.Error):
                name = _program(process)
                used[name] = used.get(name, 0) + sum(process.cpu_times()[:4])
        return used


@contextmanager
def running(**environ: str) -> Iterator[Running]:
    """Run a LISA in a home of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LISA_")}
    folder = Path(tempfile.mkdtemp(prefix="lisa-bench-"))
    folder.chmod(0o711)  # Postgres may run as another user
    lisa = Local(folder / "home", {**kept, **environ})
    try:
        lisa.up()
        yield Running(lisa)
    finally:
        lisa.end()
        shutil.rmtree(postgres_place(folder / "home"), ignore_errors=True)
        shutil.rmtree(folder)


def threads(pid: int) -> dict[str, Busy]:
    """Return what each thread of a process has spent so far, as the kernel counts it."""
    spent = {}
    for file in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with suppress(OSError):
            ran, waited, _ = file.read_text().split()
            spent[file.parent.name] = Busy(int(ran) / NANOSECONDS, int(waited) / NANOSECONDS)
    return spent


def busiest(pid: int, before: Mapping[str, Busy]) -> Busy:
    """Return what the thread spent since then that computed most."""
    nothing = Busy(0, 0)
    spent = (
        Busy(now.ran - before.get(name, nothing).ran, now.waited - before.get(name, nothing).waited)
        for name, now in threads(pid).items()
    )
    return max(spent, key=lambda each: each.ran, default=nothing)


def _program(process: psutil.Process) -> str:
    words = process.cmdline()
    if "-m" in words:
        return words[words.index("-m") + 1]
    return "postgres" if "postgres" in words[0] else Path(words[0]).name
