"""Runs the built-in models as a process in an environment of its own."""

import secrets
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lisa.declared.home import LOGS
from local.builtin.handover import PYTHON, BuiltInHandover
from local.child import Child
from local.listening import listen
from local.postgres_place import make_folder

NAME: Final = "builtin"
CACHE: Final = "cache"  # in the home; whoever removes it loses a second


@dataclass(frozen=True)
class BuiltInProcess:
    """The process, and what each start of it is given: address and secret outlive it."""

    child: Child
    handover: BuiltInHandover

    def keep_running(self) -> None:
        """Start it if it doesn't run."""
        self.child.keep_running(self.handover)


def prepared(home: Path, say: Callable[[str], None], undo: ExitStack) -> BuiltInProcess | None:
    """Open a free loopback port for it, if it can be run at all."""
    if not PYTHON.exists():
        say("the built-in models aren't installed; `make setup` brings them")
        return None
    make_folder(home / CACHE)
    listener = undo.enter_context(listen("127.0.0.1", 0))
    handover = BuiltInHandover(
        listener.fileno(),
        f"http://127.0.0.1:{listener.getsockname()[1]}",
        secrets.token_urlsafe(32),
        home / CACHE,
    )
    return BuiltInProcess(Child(NAME, home / LOGS / f"{NAME}.log", say, PYTHON), handover)
