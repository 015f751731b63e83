"""Installs what the checkout needs: `app` to run LISA, `dev` to build and test it as well."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.stamps import ROOT, Stamp, digest_of, sources_below

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
OWN_ENVIRONMENTS = {
    "builtin": "built-in models",
    "emulator": "AWS emulator",
    "litellm": "LiteLLM service",
}
UI = ROOT / "ui"
SETS = {
    "app": ("uv", "app", "knowledge", "local"),
    "dev": ("uv", "app", "knowledge", "local", "cdk", "dev"),
}
OLDEST_NODE = (20, 19)
NPM_CI = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


class SetupError(Exception):
    """Something on this machine has to be mended first; the message says what."""


def say(text: str) -> None:
    """Tell the person, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


@contextmanager
def step(what: str, stamp: Stamp, level: str, digest: str) -> Iterator[None]:
    """Announce, time and remember one installation."""
    say(f"setup: {what} ...")
    began = time.monotonic()
    stamp.forget()
    yield
    stamp.write(level, digest)
    say(f"setup: {what}: done in {time.monotonic() - began:.1f} s")


def run(*command: str | Path, at: Path = ROOT) -> None:
    """Run one command; a failure is told in one sentence, after the command's own words."""
    try:
        subprocess.run(
            [str(word) for word in command], cwd=at, check=True, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.CalledProcessError) as error:
        shown = " ".join(Path(word).name for word in map(str, command[:3]))
        raise SetupError(
            f"`{shown} ...` did not work (see above). Mend that and try again."
        ) from error


def works(program: Path) -> bool:
    """Tell whether a program of an environment can still be started."""
    if not program.exists():
        return False
    return subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0


def requirement_file(name: str) -> Path:
    """Find a locked set."""
    return ROOT / "requirements" / f"{name}.txt"


def make_environment() -> None:
    """Make .venv, where it isn't whole, and let its pip bring uv, pinned and with its hash."""
    if works(PYTHON) and works(UV):
        return
    if subprocess.run([sys.executable, "-c", "import ensurepip"], check=False).returncode:
        raise SetupError("This Python lacks `venv`; on Debian: apt-get install python3-venv.")
    run(sys.executable, "-m", "venv", "--clear", VENV)
    quiet = ("--quiet", "--disable-pip-version-check", "--require-hashes")
    run(PYTHON, "-m", "pip", "install", *quiet, "-r", requirement_file("uv"))


def install_python_packages(level: str) -> None:
    """Bring .venv to exactly the locked sets of this level, and the project itself into it."""
    stamp = Stamp("python")
    level = stamp.at_least(level)
    files = [requirement_file(name) for name in SETS[level]]
    digest = digest_of([*files, ROOT / "pyproject.toml"])
    if stamp.is_current(level, digest) and PYTHON.exists():
        return
    with step(f"Python packages ({', '.join(SETS[level])})", stamp, level, digest):
        make_environment()
        run(UV, "pip", "sync", "--quiet", "--python", PYTHON, "--require-hashes", *files)
        project = ("--no-deps", "--no-build-isolation", "--editable", ROOT)
        run(UV, "pip", "install", "--quiet", "--python", PYTHON, *project)


def install_own_environment(name: str) -> None:
    """Give a program an environment of its own, so that neither leans on the other's packages."""
    stamp, locked = Stamp(name), requirement_file(name)
    digest, python = digest_of([locked]), ROOT / f".venv-{name}" / "bin" / "python"
    if stamp.is_current("", digest) and python.exists():
        return
    with step(OWN_ENVIRONMENTS[name], stamp, "", digest):
        run(UV, "venv", "--quiet", "--clear", "--python", PYTHON, python.parent.parent)
        run(UV, "pip", "sync", "--quiet", "--python", python, "--require-hashes", locked)


def require_node() -> None:
    """Refuse a machine without Node and npm, or with too old ones."""
    wanted = ".".join(map(str, OLDEST_NODE))
    if not (shutil.which("node") and shutil.which("npm")):
        raise SetupError(
            f"Node {wanted} or newer (with npm) isn't on PATH; install it and try again."
        )
    found = subprocess.run(
        ["node", "--version"], capture_output=True, text=True, check=False
    ).stdout
    numbers = found.strip().lstrip("v").split(".")[:2]
    if not all(n.isdigit() for n in numbers) or tuple(map(int, numbers)) < OLDEST_NODE:
        raise SetupError(f"Node {wanted} or newer is needed, PATH has {found.strip()}.")


def install_node_packages(what: str, folder: Path, level: str, stamp: Stamp) -> None:
    """Install one npm lock; what building doesn't need stays away from level `app`."""
    level = stamp.at_least(level)
    digest = digest_of([folder / "package.json", folder / "package-lock.json"])
    if stamp.is_current(level, digest) and (folder / "node_modules").is_dir():
        return
    require_node()
    with step(what, stamp, level, digest):
        run(*NPM_CI, "--include=dev" if level == "dev" else "--omit=dev", at=folder)


def build_ui(level: str) -> None:
    """Build ui/dist, unless it was built from these very sources."""
    stamp, digest = Stamp("ui-build"), digest_of(sources_below(UI))
    if stamp.is_current("", digest) and (UI / "dist" / "index.html").exists():
        return
    require_node()
    install_node_packages("user interface: packages", UI, level, Stamp("ui-packages"))
    with step("user interface: build", stamp, "", digest):
        shutil.rmtree(UI / "dist", ignore_errors=True)  # better none than an old one
        run("npm", "run", "build", "--silent", at=UI)


def install_chromium() -> None:
    """Install the browser of the journeys where that is allowed; otherwise name what is missing."""
    if shutil.which("chromium"):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        os.environ["DEBIAN_FRONTEND"] = "noninteractive"
        run("apt-get", "update", "-q")
        run("apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium")
    if not shutil.which("chromium"):
        raise SetupError("`chromium` isn't on PATH; the browser tests fail until it is installed.")


def survive(part: Callable[[], None], otherwise: str) -> None:
    """Do a part that the others can do without."""
    try:
        part()
    except SetupError as problem:
        say(f"setup: {problem}\n       {otherwise}")


def set_up(level: str) -> None:
    """Do everything for one level, in an order that leaves as much as possible working."""
    install_python_packages(level)
    survive(lambda: install_own_environment("litellm"), "Only models behind LiteLLM can't be used.")
    survive(lambda: install_own_environment("builtin"), "LISA starts without its built-in models.")
    if level == "dev":
        install_own_environment("emulator")
        install_node_packages("CDK command line", ROOT, "dev", Stamp("cdk"))
        install_node_packages("user interface: packages", UI, "dev", Stamp("ui-packages"))
        survive(install_chromium, "All but the browser tests can be run.")
    survive(lambda: build_ui(level), "LISA starts without its user interface.")


def main() -> int:
    """Set up the level named on the command line."""
    try:
        set_up(sys.argv[1])
    except SetupError as problem:
        say(f"setup: {problem}")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
