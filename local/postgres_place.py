"""Where embedded Postgres keeps its data, whom it runs as, and which binaries that user can start.

Postgres refuses to run as root, so under root it runs as `nobody`. Nothing is opened up for that
user: what it can't reach is put where it can.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lisa.declared import home as names
from lisa.declared.home import POSTGRES_INSTALLATION as INSTALLATION
from lisa.declared.home import POSTGRES_PACKAGE as PACKAGE
from lisa.declared.home import mode_of
from lisa.domain.errors import Unavailable
from local.tether import Account

OUTSIDE: Final = Path("/var/lib/lisa")
ASK_SECONDS: Final = 30


@dataclass(frozen=True)
class Place:
    """The folder Postgres has for itself, and the user it runs as if that isn't us."""

    folder: Path
    run_as: Account | None

    @property
    def data(self) -> Path:
        """Postgres' own data directory."""
        return self.folder / "data"

    @property
    def lock(self) -> Path:
        """Held by whoever runs this Postgres."""
        return self.folder / "lock"


def prepare_place(home: Path) -> Place:
    """Make what is missing of the home and of the folder for Postgres; change nothing else."""
    nobody = _nobody()
    make_home(home)
    folder = names.postgres_place(home)
    if nobody is None:
        make_folder(folder)
        return Place(folder, None)
    if folder.is_relative_to(home) and not _can_reach(home, nobody):
        folder = _move_outside(home, folder)
    make_folder(folder, passable=True)
    data = folder / "data"
    return Place(folder, _owner(data) if data.exists() else nobody)


def make_home(home: Path) -> None:
    """Make the home; under root others may pass through it, to the data and nothing else."""
    make_folder(home, passable=os.geteuid() == 0)


def make_folder(path: Path, *, passable: bool = False) -> None:
    """Make a folder for us alone; `passable` lets others through to what they may know of."""
    if path.is_dir():
        return
    path.mkdir(parents=True)
    path.chmod(mode_of(passable=passable))


def find_binaries(run_as: Account | None) -> Path:
    """Return the folder with `postgres` and `initdb` that this user can start."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable(
            "embedded Postgres is not installed",
            next_step="run `make setup`, on Linux (x86_64, arm64) or macOS (arm64)",
        )
    package = Path(spec.submodule_search_locations[0])
    bin_folder = package / INSTALLATION / "bin"
    if run_as is None or _can_start(bin_folder, run_as):
        return bin_folder
    return _copy_of(package) / INSTALLATION / "bin"


def _nobody() -> Account | None:
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)


def _owner(path: Path) -> Account:
    found = path.stat()
    return Account(found.st_uid, found.st_gid)


def _move_outside(home: Path, inside: Path) -> Path:
    """Choose the folder outside the home, and leave a pointer to it."""
    if inside.exists():
        raise Unavailable(
            f"the data in {inside} can no longer be reached by the user nobody, as whom"
            " Postgres runs under root",
            next_step=f"let others pass through the folders above {inside}, as they could before",
        )
    folder = OUTSIDE / hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    _make_outside()
    unfinished = home / f"{names.DATA_POINTER}.new"
    unfinished.write_text(f"{folder}\n")
    unfinished.replace(home / names.DATA_POINTER)
    return folder


def _make_outside() -> None:
    if not OUTSIDE.is_dir():
        OUTSIDE.mkdir(parents=True)
        OUTSIDE.chmod(0o755)


def _can_reach(path: Path, account: Account) -> bool:
    """Ask the kernel, as that user: it knows of more than mode bits."""
    return _ask(["test", "-x", str(path)], account)


def _can_start(bin_folder: Path, account: Account) -> bool:
    programs = ("initdb", "postgres")
    return all(_ask([str(bin_folder / name), "--version"], account) for name in programs)


def _ask(command: list[str], account: Account) -> bool:
    try:
        answer = subprocess.run(
            command,
            user=account.uid,
            group=account.gid,
            extra_groups=[],
            cwd="/",
            capture_output=True,
            timeout=ASK_SECONDS,
            check=False,
        )
    except PermissionError:
        return False
    return answer.returncode == 0


def _copy_of(package: Path) -> Path:
    """Copy the binaries once, beside the libraries they look for, where everybody can read them."""
    version = importlib.metadata.version(PACKAGE)
    copy = OUTSIDE / f"binaries-{version}"
    if not copy.is_dir():
        _make_outside()
        unfinished = OUTSIDE / f"{copy.name}.{os.getpid()}"
        for part in (f"{PACKAGE}/{INSTALLATION}", f"{PACKAGE}/.dylibs", f"{PACKAGE}.libs"):
            if (package.parent / part).is_dir():
                shutil.copytree(package.parent / part, unfinished / part)
        for path in (unfinished, *unfinished.rglob("*")):
            path.chmod(0o755)
        _put_in_place(unfinished, copy)
    return copy / PACKAGE


def _put_in_place(unfinished: Path, copy: Path) -> None:
    try:
        unfinished.rename(copy)
    except OSError:
        if not copy.is_dir():
            raise
        shutil.rmtree(unfinished)  # another home was faster
