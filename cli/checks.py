"""What `lisa doctor` looks at; each check that fails says how to mend it."""

import importlib.util
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cli.running import state_of
from lisa.declared.home import POSTGRES_INSTALLATION, POSTGRES_PACKAGE, postgres_place
from lisa.declared.settings import LocalSettings
from lisa.domain.errors import LisaError

OLDEST_PYTHON: Final = (3, 11)
SUPPORTED: Final = (("Linux", "x86_64"), ("Linux", "aarch64"), ("Darwin", "arm64"))
ASK_SECONDS: Final = 30
LEAST_FREE: Final = 1024**3


@dataclass(frozen=True)
class Check:
    """One thing looked at: what was found, and how to mend it if it isn't well."""

    name: str
    found: str
    mend: str = ""

    @property
    def is_well(self) -> bool:
        """What needs no mending is well."""
        return not self.mend


def examine(local: LocalSettings, problem: LisaError | None) -> list[Check]:
    """Look at everything; `problem` is what reading the settings found."""
    return [
        python(sys.version_info[:3]),
        machine(platform.system(), platform.machine()),
        settings(problem),
        postgres(),
        home(local.home),
        disk(local.home),
        port(local),
        pages(local.ui),
        data(local.home),
    ]


def python(version: tuple[int, ...]) -> Check:
    """Look at the interpreter's version."""
    found = ".".join(map(str, version))
    is_well = version >= OLDEST_PYTHON
    return Check(
        "Python", found, "" if is_well else "install 3.11 or newer, then `make clean setup`"
    )


def machine(system: str, processor: str) -> Check:
    """Look at the platform."""
    is_well = (system, processor) in SUPPORTED
    mend = "run LISA on Linux (x86_64, arm64) or macOS (arm64); elsewhere only --url works"
    return Check("platform", f"{system} {processor}", "" if is_well else mend)


def settings(problem: LisaError | None) -> Check:
    """Look at the environment and the `.env` file."""
    if problem is None:
        return Check("settings", "all known and valid")
    return Check("settings", problem.message, problem.next_step)


def postgres() -> Check:
    """Ask the embedded Postgres for its version."""
    spec = importlib.util.find_spec(POSTGRES_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return Check("Postgres", "not installed", "run `make setup`")
    program = Path(spec.submodule_search_locations[0]) / POSTGRES_INSTALLATION / "bin" / "postgres"
    try:
        answer = subprocess.run(
            [program, "--version"],
            capture_output=True,
            text=True,
            timeout=ASK_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        return Check("Postgres", f"does not start: {error}", "run `make clean setup`")
    return Check("Postgres", answer.stdout.strip())


def home(path: Path) -> Check:
    """Look whether we may write where all state lies, or where it will be made."""
    folder = _nearest(path)
    try:
        with tempfile.TemporaryFile(dir=folder):
            return Check("home", str(path))
    except OSError as error:
        mend = "choose a folder of your own: --home DIR or LISA_HOME"
        return Check("home", f"{folder} cannot be written to: {error.strerror}", mend)


def disk(path: Path) -> Check:
    """Look for room where the data lies."""
    place = _nearest(_data_of(path) or path)
    free = shutil.disk_usage(place).free
    mend = f"make room on the disk of {place}: LISA wants 1 GB"
    return Check("disk", f"{free / 1024**3:.1f} GB free", "" if free >= LEAST_FREE else mend)


def port(local: LocalSettings) -> Check:
    """Look whether LISA could listen, or does already."""
    where = f"{local.host}:{local.port}"
    try:
        socket.create_server((local.host, local.port)).close()
    except OSError as error:
        if _listens_here(local):
            return Check("port", f"{where} is LISA's own")
        mend = "stop what listens there, or choose another: --port N or LISA_PORT"
        return Check("port", f"{where}: {error.strerror}", mend)
    return Check("port", f"{where} is free")


def pages(built: Path) -> Check:
    """Look for the built browser pages."""
    if (built / "index.html").is_file():
        return Check("browser pages", str(built))
    return Check("browser pages", "not built", "run `make setup`")


def data(path: Path) -> Check:
    """Say where the data lies."""
    place = _data_of(path)
    if place is None:
        return Check("data", "the pointer to it cannot be read", f"look at {path} as its owner")
    if not place.exists():
        return Check("data", "none yet")
    return Check("data", f"{place}" if place.is_relative_to(path) else f"{place}, outside the home")


def _listens_here(local: LocalSettings) -> bool:
    try:
        state = state_of(local.home)
    except LisaError:
        return False
    return state is not None and state.port == local.port


def _data_of(path: Path) -> Path | None:
    try:
        return postgres_place(path)
    except OSError:
        return None


def _nearest(path: Path) -> Path:
    """Return the path, or the nearest above it that we can see."""
    return next(each for each in (path, *path.parents) if os.access(each, os.F_OK))
