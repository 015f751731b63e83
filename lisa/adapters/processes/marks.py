"""Finds and ends processes by the mark in their environment, whoever their parent is now."""

import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

HOME: Final = "LISA_MODELS_HOME"
MODEL: Final = "LISA_MODEL"
REPLICA: Final = "LISA_MODEL_REPLICA"
# vLLM's processes name themselves by setproctitle, which would overwrite what we look for.
LEGIBLE: Final = {"SPT_NOENV": "1"}
PROCESSES: Final = Path("/proc")
ROUNDS: Final = 250
LOOK_EVERY_SECONDS: Final = 0.02


def mark(home: Path, model_id: str = "", replica: str = "") -> dict[str, str]:
    """Return the variables that say whose a process is; without a model, of any of this home."""
    told = {HOME: str(home), MODEL: model_id, REPLICA: replica}
    return {name: value for name, value in told.items() if value}


def marked(wanted: Mapping[str, str]) -> list[int]:
    """Return the processes that bear this mark."""
    return [pid for pid in _pids() if _bears(pid, wanted)]


def kill_marked(wanted: Mapping[str, str]) -> None:
    """Kill them all, and those they start meanwhile."""
    for _ in range(ROUNDS):
        pids = marked(wanted)
        if not pids:
            return
        for pid in pids:
            _kill(pid, wanted)
        time.sleep(LOOK_EVERY_SECONDS)


def _kill(pid: int, wanted: Mapping[str, str]) -> None:
    with suppress(ProcessLookupError):
        handle = os.pidfd_open(pid)
        try:
            if _bears(pid, wanted):  # else the number is another process's by now
                signal.pidfd_send_signal(handle, signal.SIGKILL)
        finally:
            os.close(handle)


def _pids() -> Iterator[int]:
    return (int(each.name) for each in PROCESSES.iterdir() if each.name.isdecimal())


def _bears(pid: int, wanted: Mapping[str, str]) -> bool:
    """Tell whether it does; another user's can't be read, and one that has ended is empty."""
    try:
        told = (PROCESSES / str(pid) / "environ").read_bytes().split(b"\0")
    except (FileNotFoundError, PermissionError, ProcessLookupError):
        return False
    return all(f"{name}={value}".encode() in told for name, value in wanted.items())
