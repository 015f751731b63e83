"""Runs one engine so that nothing of it outlives the worker: what it starts, it also ends.

The engine ends when standard input does, which happens however the worker ends. Whatever it starts
itself, in sessions of its own or not, becomes a child of this process when its parent is gone, and
is ended too. What it says goes into files of bounded size, each named by how much was said before.

A script for a Python of its own, that imports nothing of ours:
`keeper.py LOG_FOLDER SEGMENT_BYTES SEGMENTS GRACE_SECONDS PROGRAM ARGUMENT...`
"""

import ctypes
import os
import select
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
NOT_STARTED = 127
LOOK_EVERY_SECONDS = 0.1
CHUNK = 65_536


class Log:
    """The newest of what an engine said, in segments."""

    def __init__(self, folder: Path, most_bytes: int, most_segments: int) -> None:
        """Go on where the last segment ends."""
        self.folder, self.most_bytes, self.most_segments = folder, most_bytes, most_segments
        last = max(folder.glob("*.log"), default=None)
        self.said = int(last.stem) + last.stat().st_size if last else 0
        self.segment = self._new_segment()

    def write(self, said: bytes) -> None:
        """Keep it, and let go of the oldest; a full disk costs words, never the engine."""
        with suppress(OSError):
            self.said += os.write(self.segment, said)
            if os.fstat(self.segment).st_size >= self.most_bytes:
                full, self.segment = self.segment, self._new_segment()
                os.close(full)

    def _new_segment(self) -> int:
        name = self.folder / f"{self.said:020}.log"
        segment = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        for old in sorted(self.folder.glob("*.log"))[: -self.most_segments]:
            old.unlink()
        return segment


def main(log: Log, grace: float, command: list[str]) -> int:
    """Keep the engine until it ends or is no longer wanted; then end all it has left."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    hears, says = os.pipe()
    keeper = os.getpid()
    engine = os.fork()
    if not engine:
        _become(libc, keeper, says, command)
    os.close(says)
    os.set_blocking(hears, False)
    status = _watched(engine, hears, log)
    if status is None:
        status = _ended(engine, hears, log, grace)
    _end_the_rest()
    _hear(hears, log)
    log.write(f"\nlisa: the engine ended with {status}\n".encode())
    return status if status >= 0 else 128 - status


def _become(libc: ctypes.CDLL, keeper: int, says: int, command: list[str]) -> None:
    """Turn the new process into the engine, which is killed if its keeper is."""
    os.setsid()
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != keeper:
        os._exit(NOT_STARTED)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(says, 1)
    os.dup2(says, 2)
    try:
        os.execvp(command[0], command)  # noqa: S606 - becoming the program is the point
    except OSError as error:
        os.write(2, f"{command[0]} can't be started: {error.strerror}\n".encode())
        os._exit(NOT_STARTED)


def _watched(engine: int, hears: int, log: Log) -> int | None:
    """Return how the engine ended by itself; None when it is no longer wanted."""
    while True:
        ready = select.select([0, hears], [], [], LOOK_EVERY_SECONDS)[0]
        if 0 in ready:
            return None
        if hears in ready and not _hear(hears, log):
            time.sleep(LOOK_EVERY_SECONDS)  # it has closed its outputs, and may run on
        status = _reaped(engine)
        if status is not None:
            return status


def _ended(engine: int, hears: int, log: Log, grace: float) -> int:
    """Ask the engine to end; after a while, don't ask."""
    os.kill(engine, signal.SIGTERM)
    until = time.monotonic() + grace
    while time.monotonic() < until:
        select.select([hears], [], [], LOOK_EVERY_SECONDS)
        if not _hear(hears, log):
            time.sleep(LOOK_EVERY_SECONDS)
        status = _reaped(engine)
        if status is not None:
            return status
    os.kill(engine, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(engine, 0)[1])


def _reaped(engine: int) -> int | None:
    """Take note of all children that ended; return the engine's status if it is among them."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return None
        if pid == engine:
            return os.waitstatus_to_exitcode(status)
        if pid == 0:
            return None


def _end_the_rest() -> None:
    """Kill children until there are none: those of a killed one are ours in turn."""
    children = Path("/proc/self/task") / str(os.getpid()) / "children"
    while True:
        for child in children.read_text().split():
            os.kill(int(child), signal.SIGKILL)  # nobody else can reap it, so the pid is its own
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _hear(hears: int, log: Log) -> bool:
    """Write down what was said by now; tell whether more may come."""
    try:
        while said := os.read(hears, CHUNK):
            log.write(said)
    except BlockingIOError:
        return True
    return False


if __name__ == "__main__":
    kept = Log(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
    sys.exit(main(kept, float(sys.argv[4]), sys.argv[5:]))
