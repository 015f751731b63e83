"""Puts a door's files and locked requirements together with uv, without a container or the CDK."""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from lisa.declared.entry_points import Door
from stacks.constructs.certificates import FILE, with_those_of_this_machine
from stacks.constructs.sources import (
    PRODUCTION,
    ROOT,
    Target,
    files_of,
    fingerprint_of,
    locks_of,
)

TARGETS: Final = {"production": PRODUCTION, "emulator": Target(platform.python_version())}
# uv leaves these beside the packages; both depend on the machine, nothing imports them.
LEFTOVERS: Final = ("bin", ".lock")
FINGERPRINT_SHOWN: Final = 16
LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)  # so that equal files make equal zips
IN_FUNCTION: Final = "/var/task"
READABLE: Final = 0o644
RUNNABLE: Final = 0o755
SMALLEST: Final = 9  # as the CDK packs folders


def zip_name(door: Door, target: Target, certificates: bytes = b"") -> str:
    """Return what the door's zip is called as long as no part of it changes."""
    return f"{door.name}-{fingerprint_of(door, target, certificates)[:FINGERPRINT_SHOWN]}.zip"


def build_bundle(door: Door, target: Target, folder: Path, certificates: bytes = b"") -> None:
    """Put the door's files and what they need into an empty folder."""
    _install_requirements(locks_of(door), target, folder, certificates)
    for file in files_of(door):
        copy = folder / file.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)  # with its mode: some are programs
    if certificates:
        usual = (folder / "certifi" / "cacert.pem").read_bytes()
        (folder / FILE).write_bytes(usual + b"\n" + certificates)
    if target.platform:  # on this machine Python compiles what it imports, once
        compile_for(target, folder)


def pack(folder: Path, file: Path) -> None:
    """Make a zip of a folder; the file appears only when it is whole."""
    unfinished = file.with_suffix(".part")
    with zipfile.ZipFile(unfinished, "w") as packed:
        for each in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(each.relative_to(folder).as_posix(), LONG_AGO)
            entry.external_attr = (RUNNABLE if os.access(each, os.X_OK) else READABLE) << 16
            packed.writestr(entry, each.read_bytes(), zipfile.ZIP_DEFLATED, SMALLEST)
    unfinished.replace(file)


def compile_for(target: Target, folder: Path) -> None:
    """Compile all of it if that Python is here: a function would have to at each of its starts.

    What is compiled doesn't look at the time of its source, which a zip changes.
    """
    version = ".".join(target.python.split(".")[:2])
    ours = f"{sys.version_info.major}.{sys.version_info.minor}"
    python = sys.executable if version == ours else shutil.which(f"python{version}")
    if python:
        unchecked = ("--invalidation-mode", "unchecked-hash", "-q", "-q")
        as_there = ("-s", str(folder), "-p", IN_FUNCTION, str(folder))
        command = [python, "-I", "-m", "compileall", *unchecked, *as_there]
        subprocess.run(command, check=False, capture_output=True)  # some files are for others
    if not any(folder.glob("lisa/**/*.pyc")):
        sys.stderr.write(f"there is no Python {version} to compile for: functions start slower\n")


def _install_requirements(
    locks: Sequence[Path], target: Target, folder: Path, certificates: bytes
) -> None:
    """Let uv install them, from the index and past the proxy that its own variables name."""
    where = ["--python-platform", target.platform] if target.platform else []
    with _trusted_by_uv(certificates) as environment:
        subprocess.run(
            [
                *(_uv(), "pip", "install", "--quiet", "--target", str(folder)),
                *("--python", sys.executable, "--python-version", target.python, *where),
                *(
                    "--require-hashes",
                    "--only-binary",
                    ":all:",
                    "--no-deps",
                    "--link-mode",
                    "hardlink",
                ),
                *(f"--requirements={lock}" for lock in locks),
            ],
            env=environment,
            check=True,
        )
    for leftover in LEFTOVERS:
        path = folder / leftover
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


@contextmanager
def _trusted_by_uv(certificates: bytes) -> Iterator[dict[str, str]]:
    """Yield uv's environment; what it was told to trust already, it goes on trusting alone."""
    environment = dict(os.environ)
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:
        if certificates and "SSL_CERT_FILE" not in environment:
            file.write(with_those_of_this_machine(certificates))
            file.flush()
            environment["SSL_CERT_FILE"] = file.name
        yield environment


def _uv() -> str:
    beside_us = Path(sys.executable).with_name("uv")
    return str(beside_us) if beside_us.exists() else "uv"
