"""Brings a model's files into a folder: in parallel, going on where it was broken off, checked."""

import errno
import fcntl
import hashlib
import os
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from containers.engines.loading.bucket import CHUNK, Bucket
from containers.engines.loading.failures import CannotStart, Exit
from containers.engines.loading.manifest import AGAIN, OURS, Wanted
from containers.engines.loading.partial import Partial, remove_others

FULL: Final = (errno.ENOSPC, errno.EDQUOT)
GIGABYTE: Final = 1_000_000_000
THREADS: Final = 32


def free_bytes(folder: Path) -> int:
    """Return how much may still be written."""
    told = os.statvfs(folder)
    return told.f_bavail * told.f_frsize


@dataclass(frozen=True)
class Pace:
    """How much is done at once, and how often a part that breaks off is tried."""

    threads: int = THREADS
    part_bytes: int = 32 * 1024 * 1024
    tries: int = 5
    first_pause_seconds: float = 0.5


@dataclass(frozen=True)
class Download:
    """What it takes to bring weights; `say` is told of each step."""

    bucket: Bucket
    folder: Path
    say: Callable[[str], None]
    pace: Pace = Pace()
    free: Callable[[Path], int] = free_bytes

    def bring(self, files: list[Wanted]) -> None:
        """Return when every file is there and whole. Others who bring them are waited for."""
        with _failures_of_the_disk(self.folder), self._alone():
            remove_others(self.folder, files)
            partials = [Partial(self.folder, each, self.pace.part_bytes) for each in files]
            needed = [each for each in partials if not each.is_whole()]
            self._make_room(needed)
            total = sum(each.file.size for each in needed)
            self.say(f"{len(files)} files, {len(needed)} to bring, {total / GIGABYTE:.2f} GB")
            self._all(needed)
            self.say(f"the weights are in {self.folder}")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Wait for other replicas that use the same folder."""
        notes = self.folder / OURS
        notes.mkdir(parents=True, exist_ok=True)
        with (notes / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _make_room(self, needed: list[Partial]) -> None:
        wanted, free = sum(each.prepare() for each in needed), self.free(self.folder)
        if wanted > free:
            raise CannotStart(
                Exit.NO_SPACE,
                f"{self.folder}: the weights need {wanted / GIGABYTE:.2f} GB more, "
                f"{free / GIGABYTE:.2f} GB are free: give the model a larger disk",
            )

    def _all(self, needed: list[Partial]) -> None:
        missing = {each: each.open() for each in needed}  # a full disk is met before any reading
        with ThreadPoolExecutor(self.pace.threads) as threads:
            tasks = [task for each in needed for task in self._begin(each, missing[each], threads)]
            done, _ = wait(tasks, return_when=FIRST_EXCEPTION)
            failed = [task for task in done if task.exception()]
            threads.shutdown(wait=True, cancel_futures=bool(failed))
            for each in needed:
                each.close()
        for task in failed:
            task.result()

    def _begin(
        self, partial: Partial, missing: list[int], threads: ThreadPoolExecutor
    ) -> list[Future[None]]:
        if not missing:
            return [threads.submit(self._finish, partial)]
        return [threads.submit(self._part, partial, each) for each in missing]

    def _part(self, partial: Partial, index: int) -> None:
        self._fetch(partial, index)
        if partial.note(index):
            self._finish(partial)

    def _fetch(self, partial: Partial, index: int) -> None:
        """Bring a part; one that breaks off is brought again, a few times."""
        for left in reversed(range(self.pace.tries)):
            try:
                return self._fetch_once(partial, index)
            except CannotStart as failure:
                if failure.code is not Exit.UNREACHABLE or not left:
                    raise
            self._pause(self.pace.tries - left)
        return None

    def _fetch_once(self, partial: Partial, index: int) -> None:
        start, end = partial.bounds(index)
        offset = start
        for chunk in self.bucket.content(partial.file.listed, start, end):
            partial.write(chunk, offset)
            offset += len(chunk)
        if offset != end:
            raise CannotStart(
                Exit.UNREACHABLE, f"{partial.file.path}: it breaks off: look at S3's health"
            )

    def _pause(self, tried: int) -> None:
        most = self.pace.first_pause_seconds * 2**tried
        time.sleep(random.uniform(most / 2, most))  # noqa: S311 - spreads retries, hides nothing

    def _finish(self, partial: Partial) -> None:
        """Check a file and put it into its place; damage from an earlier try is mended once."""
        sound = self._is_sound(partial)
        if not sound and partial.is_resumed:
            self._again(partial)
            sound = self._is_sound(partial)
        if not sound:
            partial.forget()
            raise CannotStart(
                Exit.TORN,
                f"{self.bucket.source}: {partial.file.path} is torn, "
                f"its checksum isn't the one it was uploaded with: {AGAIN}",
            )
        partial.keep()
        self.say(f"{partial.file.path}: {partial.file.size / GIGABYTE:.2f} GB")

    def _again(self, partial: Partial) -> None:
        partial.forget()
        partial.prepare()
        for index in partial.open():
            self._fetch(partial, index)
            partial.note(index)

    def _is_sound(self, partial: Partial) -> bool:
        wanted = partial.file.sha256
        if wanted:
            return _digest(partial.descriptor, hashlib.sha256()) == wanted
        md5 = self.bucket.md5(partial.file.listed)
        return not md5 or _digest(partial.descriptor, hashlib.md5(usedforsecurity=False)) == md5


def _digest(descriptor: int, digest: "hashlib._Hash") -> str:
    offset = 0
    while chunk := os.pread(descriptor, CHUNK, offset):
        digest.update(chunk)
        offset += len(chunk)
    return digest.hexdigest()


@contextmanager
def _failures_of_the_disk(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise CannotStart(
                Exit.NO_SPACE, f"{folder}: the disk is full: give the model a larger one"
            ) from error
        raise CannotStart(
            Exit.NO_FOLDER, f"{folder}: it can't be written ({error.strerror}): mount a volume"
        ) from error
