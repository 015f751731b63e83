"""What the supervisor hands to the process of the built-in models, and to the app that calls it."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CACHE: Final = "LOCAL_BUILTIN_CACHE"
SECRET: Final = "LOCAL_BUILTIN_SECRET"  # noqa: S105 - a variable's name
SOCKET: Final = "LOCAL_BUILTIN_SOCKET"
URL: Final = "LOCAL_BUILTIN_URL"
ROOT: Final = Path(__file__).resolve().parents[2]
PYTHON: Final = ROOT / ".venv-builtin" / "bin" / "python"


@dataclass(frozen=True)
class BuiltInHandover:
    """A listening socket and its address, what callers have to show, and a folder for caches."""

    listener: int
    url: str
    secret: str
    cache: Path

    def environ(self) -> dict[str, str]:
        """Write the process's whole environment: no key, of ours or of a provider, is in it."""
        python = {"PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"}
        own = {SOCKET: str(self.listener), CACHE: str(self.cache)}
        return {**python, **own, **self.told_to_callers()}

    def told_to_callers(self) -> dict[str, str]:
        """Write what the app has to know."""
        return {URL: self.url, SECRET: self.secret}

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "BuiltInHandover":
        """Read it back, in the process."""
        return cls(int(environ[SOCKET]), environ[URL], environ[SECRET], Path(environ[CACHE]))

    def socket(self) -> socket.socket:
        """Return the socket on which callers wait, whether the process runs or not."""
        return socket.socket(fileno=self.listener)
