"""Tells whether a process runs: a zombie does not, and a pid says nothing of who has it now."""

import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Final

PROC: Final = Path("/proc/self/stat")


def is_running(pid: int, *, with_argument: str) -> bool:
    """Tell whether that process is alive and was started with this argument."""
    if PROC.exists():
        return _linux_says(Path(f"/proc/{pid}"), with_argument)
    return _ps_says(pid, with_argument)


def processes_in(folder: Path, *, program: str) -> list[int]:
    """Find that program's processes whose working directory this is; only Linux knows."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile, or is another user's
            name = (process / "comm").read_text().strip()
            if name == program and (process / "cwd").readlink() == folder:
                found.append(int(process.name))
    return found


def _linux_says(process: Path, argument: str) -> bool:
    try:
        state = (process / "stat").read_text().rpartition(") ")[2][0]
        arguments = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX" and argument in arguments


def _ps_says(pid: int, argument: str) -> bool:
    answer = subprocess.run(
        ["ps", "-ww", "-p", str(pid), "-o", "stat=,command="],
        capture_output=True,
        text=True,
        timeout=10,
        check=False,
    )
    state, _, command = answer.stdout.strip().partition(" ")
    return bool(state) and not state.startswith("Z") and argument in command
