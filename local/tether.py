"""Starts a program that can't outlive us: whatever way we end, it gets a signal.

Linux sends the signal itself. It is asked to by the new process just before it becomes the program,
so this file is also a script, run by a Python of its own: no code of ours runs between fork and
exec, and changing the user, which would clear the request, is done by then. Elsewhere a watcher
waits for the end of a pipe that only we hold open.
"""

import ctypes
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO

PR_SET_PDEATHSIG = 1
PARENT_IS_GONE = 125
LOOK_EVERY_SECONDS = 1.0
LINUX_DOES_IT = sys.platform == "linux"


@dataclass(frozen=True)
class Account:
    """A user of the operating system to run as."""

    uid: int
    gid: int


def start_tethered(
    command: Sequence[str],
    *,
    output: IO[bytes],
    run_as: Account | None = None,
    environ: Mapping[str, str] | None = None,
    pass_fds: Sequence[int] = (),
    signal_at_our_end: signal.Signals = signal.SIGTERM,
    by_pipe: bool = not LINUX_DOES_IT,
) -> subprocess.Popen[bytes]:
    """Start the program in a session of its own, so that Ctrl-C reaches us and not it."""
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("Linux sends the signal when the starting thread ends; use the main one")
    account = run_as or Account(-1, -1)
    orders = (os.getpid(), int(signal_at_our_end), account.uid, account.gid, int(by_pipe))
    return subprocess.Popen(
        [sys.executable, "-I", "-S", __file__, *map(str, orders), *command],
        stdin=subprocess.PIPE if by_pipe else subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=dict(os.environ if environ is None else environ),
        pass_fds=pass_fds,
        cwd="/" if run_as else None,  # another user may not be allowed where we are
        start_new_session=True,
    )


def let_go(process: subprocess.Popen[bytes]) -> None:
    """Close our end of an ended program's pipe."""
    if process.stdin is not None:
        process.stdin.close()


def _become() -> None:
    """Tie this process to its parent, then turn it into the program."""
    parent, death_signal, uid, gid, by_pipe = map(int, sys.argv[1:6])
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if by_pipe:
        _leave_a_watcher(death_signal)
    else:
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    if os.getppid() != parent:  # it ended before we asked to be told
        sys.exit(PARENT_IS_GONE)
    os.execv(sys.argv[6], sys.argv[6:])  # noqa: S606 - becoming the program is the point


def _leave_a_watcher(death_signal: int) -> None:
    """Fork twice: the program must not find a child it never started."""
    program = os.getpid()
    lifeline = os.dup(0)
    child = os.fork()
    if child:
        os.close(lifeline)
        os.waitpid(child, 0)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        return
    if os.fork() == 0:
        os.setsid()
        _watch(program, lifeline, death_signal)
    os._exit(0)


def _watch(program: int, lifeline: int, death_signal: int) -> None:
    """Wait for the end of the program, or of whoever holds the other end of the pipe."""
    try:
        while not select.select([lifeline], [], [], LOOK_EVERY_SECONDS)[0]:
            os.kill(program, 0)
        os.kill(program, death_signal)
    except ProcessLookupError:
        pass


if __name__ == "__main__":
    _become()
