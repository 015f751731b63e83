"""Who runs LISA over a home of this machine: whoever holds the lock there, and what it says."""

import fcntl
import os
import signal
import time
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from lisa.declared.home import LOCK, STATE, State
from lisa.domain.errors import Forbidden, Unavailable

STOP_SECONDS: Final = 90
LOOK_EVERY_SECONDS: Final = 0.05


def supervisor_of(home: Path) -> int | None:
    """Return the process that holds this home: a pid by itself says nothing of who has it now."""
    try:
        with (home / LOCK).open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                pid = lock.read().strip()
                return int(pid) if pid.isdigit() else None
    except (FileNotFoundError, NotADirectoryError):
        return None
    except PermissionError as error:
        raise not_ours(home) from error
    return None


def state_of(home: Path) -> State | None:
    """Return what the LISA that runs over this home says of itself; none if it says nothing yet."""
    pid = supervisor_of(home)
    state = written_state(home) if pid else None
    return state if state and state.pid == pid else None


def written_state(home: Path) -> State | None:
    """Return what is written down, which may be from a LISA that was killed."""
    try:
        return State.model_validate_json((home / STATE).read_text())
    except (FileNotFoundError, ValidationError):
        return None


def stop(home: Path) -> int | None:
    """Ask the supervisor to stop everything and wait until it has; return which process it was."""
    pid = supervisor_of(home)
    if pid is None:
        return None
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        return pid
    except PermissionError as error:
        raise not_ours(home) from error
    deadline = time.monotonic() + STOP_SECONDS
    while supervisor_of(home) == pid:
        if time.monotonic() > deadline:
            raise Unavailable(
                f"process {pid} was asked to stop, but still runs after {STOP_SECONDS} s",
                next_step=f"wait, or end it with `kill -9 {pid}`; nothing acknowledged is lost",
            )
        time.sleep(LOOK_EVERY_SECONDS)
    return pid


def not_ours(home: Path) -> Forbidden:
    """Say that another user has this home."""
    return Forbidden(
        f"{home} belongs to another user",
        next_step="do it as that user, or name that LISA by its address: --url and LISA_TOKEN",
    )
