"""The programs of containers as ECS runs them: one process group each, ended kindly or killed."""

import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.availability.waiting import PATIENCE
from tests.standins.aws_emulator.process import ROOT

INTERPRETERS: Final = {
    "serve": sys.executable,
    "litellm": str(ROOT / ".venv-litellm" / "bin" / "python"),
}


@dataclass(frozen=True)
class Task:
    """A container's program, the port it listens on, and its disk."""

    process: subprocess.Popen[bytes]
    port: int
    folder: Path

    def kill(self) -> None:
        """End it as a lost machine does: it learns nothing of it.

        Callers and balancers stand still until it is dead, as a busy machine takes its time.
        """
        self.strike()
        self.process.wait(PATIENCE)

    def strike(self) -> None:
        """Begin to kill it."""
        if not self.has_ended:
            os.killpg(self.process.pid, signal.SIGKILL)

    def tell_to_stop(self) -> None:
        """Do what ECS does first."""
        self.process.send_signal(signal.SIGTERM)

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None


def started(kind: str, folder: Path, environment: Mapping[str, str]) -> Task:
    """Start one; nobody waits for it here."""
    port = _free_port()
    prefix = f"LISA_{kind.upper()}"
    here = {f"{prefix}_HOST": "127.0.0.1", f"{prefix}_PORT": str(port)}
    basics = {"PATH": os.environ["PATH"], "TMPDIR": str(folder)}
    with (folder / f"{kind}-{port}.log").open("wb") as log:
        process = subprocess.Popen(
            [INTERPRETERS[kind], "-m", f"containers.{kind}"],
            cwd=ROOT,
            env={**environment, **here, **basics},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    return Task(process, port, folder)


def _free_port() -> int:
    """Return one below those that connections going out are given, while the program starts."""
    while True:
        port = random.randrange(15_000, 30_000)  # noqa: S311 - no secret
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
