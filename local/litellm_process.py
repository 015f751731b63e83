"""Runs the LiteLLM service when the first call for it waits, in an environment of its own."""

import os
import secrets
import select
import socket
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lisa.declared.home import LOGS
from lisa.declared.settings import ENVIRONMENT_PREFIX
from local.child import Child
from local.listening import listen
from local.postgres_place import make_folder

NAME: Final = "litellm"
MODULE: Final = "containers.litellm"
ROOT: Final = Path(__file__).resolve().parents[1]
PYTHON: Final = ROOT / ".venv-litellm" / "bin" / "python"
SECRET_FILE: Final = "litellm/secret"  # noqa: S105 - a file's name
URL: Final = "LOCAL_LITELLM_URL"
SECRET: Final = "LOCAL_LITELLM_SECRET"  # noqa: S105 - a variable's name
LISTENER: Final = "LITELLM_LISTENER"


@dataclass(frozen=True)
class LiteLlmHandover:
    """What the service is given, and what its callers are told."""

    listener: int
    url: str
    secret: str
    secret_file: Path
    log_level: str
    keys: Mapping[str, str]

    def environ(self) -> dict[str, str]:
        """Write the service's environment: providers' own variables pass, our settings don't."""
        others = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(ENVIRONMENT_PREFIX)
        }
        return {
            **others,
            **self.keys,
            "PYTHONPATH": str(ROOT),
            "PYTHONSAFEPATH": "1",
            LISTENER: str(self.listener),
            "LISA_LITELLM_SECRET": f"file:{self.secret_file}",
            "LISA_LOG_LEVEL": self.log_level,
        }

    def told_to_callers(self) -> dict[str, str]:
        """Return what the gateway's process finds in its environment."""
        return {URL: self.url, SECRET: self.secret}


@dataclass(frozen=True)
class LiteLlmProcess:
    """The service; its address and secret outlive each of its starts."""

    child: Child
    handover: LiteLlmHandover
    listener: socket.socket

    def run_if_asked_for(self) -> None:
        """Start it if it doesn't run and somebody waits to be let in."""
        if not self.child.is_running() and select.select([self.listener], [], [], 0)[0]:
            self.child.keep_running(self.handover)


def prepared(
    home: Path,
    log_level: str,
    keys: Mapping[str, str],
    say: Callable[[str], None],
    undo: ExitStack,
) -> LiteLlmProcess | None:
    """Open a free loopback port for it, if it can be run; `keys` are variables it may refer to."""
    if not PYTHON.exists():
        say("LiteLLM isn't installed; `make setup` brings it")
        return None
    listener = undo.enter_context(listen("127.0.0.1", 0))
    secret, file = secrets.token_urlsafe(32), home / SECRET_FILE
    make_folder(file.parent)
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_text(secret)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    handover = LiteLlmHandover(listener.fileno(), url, secret, file, log_level, keys)
    child = Child(NAME, home / LOGS / f"{NAME}.log", say, PYTHON, MODULE)
    return LiteLlmProcess(child, handover, listener)
