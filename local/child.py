"""One process that has to run: started, watched, started again when it dies, stopped."""

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGKILL, Signals
from typing import Final, Protocol

from local.tether import let_go, start_tethered

FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 10.0
STEADY_AFTER: Final = 30.0
STOP_SECONDS: Final = 10
LARGEST_LOG: Final = 10 * 1024 * 1024


@dataclass
class Patience:
    """How long to wait before the next try: nothing at first, then twice as long each time."""

    tries: int = 0
    _next: float = 0.0
    _last: float = 0.0

    def is_due(self) -> bool:
        """Tell whether the pause is over."""
        return time.monotonic() >= self._next

    def note_a_try(self) -> None:
        """Set the pause before the next one; after a steady time, begin anew."""
        now = time.monotonic()
        if now - self._last > STEADY_AFTER:
            self.tries = 0
        pause = min(FIRST_PAUSE * 2 ** (self.tries - 1), LONGEST_PAUSE) if self.tries else 0.0
        self.tries += 1
        self._last, self._next = now, now + pause


class Handed(Protocol):
    """What a child is given: variables, and a socket on which its callers wait."""

    @property
    def listener(self) -> int:
        """Return the socket's number, the same in the child."""

    def environ(self) -> dict[str, str]:
        """Return the child's whole environment."""


@dataclass
class Child:
    """A module of ours, run as a process that ends with us."""

    name: str
    log: Path
    say: Callable[[str], None]
    python: Path = Path(sys.executable)
    module: str = ""  # `local.<name>`, where none is named
    _process: subprocess.Popen[bytes] | None = None
    _patience: Patience = field(default_factory=Patience)

    def keep_running(self, handover: Handed) -> None:
        """Start it if it doesn't run, unless it died too short a while ago."""
        if self._process is not None and self._process.poll() is not None:
            self.say(f"{self.name} ended ({_how(self._process.returncode)}), see {self.log}")
            let_go(self._process)
            self._process = None
        if self._process is None and self._patience.is_due():
            self._patience.note_a_try()
            self._process = self._start(handover)

    @property
    def tries(self) -> int:
        """How often it was started, since it last ran for long."""
        return self._patience.tries

    def is_running(self) -> bool:
        """Tell whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def ask_to_end(self) -> None:
        """Let it finish what it is doing."""
        if self._process is not None:
            self._process.terminate()

    def wait_for_end(self) -> None:
        """Wait for its end, and don't wait forever."""
        if self._process is None:
            return
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        let_go(self._process)
        self._process = None

    def _start(self, handover: Handed) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return start_tethered(
                [str(self.python), "-m", self.module or f"local.{self.name}"],
                output=log,
                environ=handover.environ(),
                pass_fds=[handover.listener],
                signal_at_our_end=SIGKILL,  # the next supervisor wants the port at once
            )


def keep_logs_small(folder: Path) -> None:
    """Put a log that has grown large aside, in place of the one put aside before."""
    for log in folder.glob("*.log"):
        if log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".log.old"))


def _how(code: int) -> str:
    return f"signal {Signals(-code).name}" if code < 0 else f"exit code {code}"
