"""Holds a file's lock for as long as this process lives, and tells others who holds it."""

import fcntl
import os
import time
from pathlib import Path
from typing import IO, Final

PATIENCE_SECONDS: Final = 1.0  # a killed process holds its locks a little longer
LOOK_EVERY_SECONDS: Final = 0.02


class Taken(Exception):
    """Another process holds the lock; whoever asked says it in an error of ours."""

    def __init__(self, holder: str) -> None:
        """`holder` is its pid, as it wrote it down."""
        super().__init__(holder)
        self.holder = holder


def take_lock(path: Path) -> IO[str]:
    """Take the lock, which ends when the returned file is closed or we end, however we end."""
    lock = path.open("a+")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not _is_ours(lock):
        if time.monotonic() > deadline:
            lock.seek(0)
            holder = lock.read().strip()
            lock.close()
            raise Taken(holder)
        time.sleep(LOOK_EVERY_SECONDS)
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock


def _is_ours(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
