"""Secrets that lie on this machine: in the environment of this process, or in a file."""

import asyncio
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from lisa.declared.home import LOCK, SECRET
from lisa.domain.errors import Unavailable

LARGEST_FILE: Final = 64 * 1024
OURS: Final = "LISA_"  # settings, and what our own processes hand each other
OUR_ROLES: Final = frozenset(  # by which this process is let into an account of AWS
    {
        "AWS_ACCESS_KEY_ID",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
    }
)
OF_THE_PROCESS: Final = (Path("/proc"), Path("/sys"), Path("/dev"))


class EnvironmentSecrets:
    """Finds `env:NAME`."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    async def resolve(self, reference: str) -> str:
        """Return a variable's value; LISA's own are nobody's key."""
        name = reference.removeprefix("env:")
        is_ours = name.startswith(OURS) or name in OUR_ROLES
        value = "" if is_ours else self._environ.get(name, "").strip()
        return value or _missing(reference, f"set {name} in the environment of this process")


class FileSecrets:
    """Finds `file:PATH`."""

    async def resolve(self, reference: str) -> str:
        """Return a file's content without the white space around it."""
        path = Path(reference.removeprefix("file:"))
        try:
            text = await asyncio.to_thread(_text_of, path)
        except (OSError, ValueError) as error:
            raise _unavailable(reference, f"make {path} readable for this process") from error
        return text or _missing(reference, f"write the secret into {path}")


def _text_of(path: Path) -> str:
    real = path.resolve(strict=True)
    status = real.stat()
    if not path.is_absolute() or any(real.is_relative_to(place) for place in OF_THE_PROCESS):
        raise ValueError("no place for a secret")
    if (real.parent / LOCK).exists() and (real.parent / SECRET).exists():
        raise ValueError("what lies in a home of LISA is LISA's own")
    if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST_FILE:
        raise ValueError("no small file")
    return real.read_text().strip()


def _missing(reference: str, next_step: str) -> str:
    raise _unavailable(reference, next_step)


def _unavailable(reference: str, next_step: str) -> Unavailable:
    return Unavailable(f"there is no secret at {reference}", next_step=next_step, code="no_secret")
