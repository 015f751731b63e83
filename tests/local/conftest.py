"""Homes for tests, and what they leave outside removed."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped] # it has no types

from lisa.declared.home import postgres_place

SHARING = (
    "test_builtin_models.py",
    "test_made_stores.py",
    "test_models_live.py",
    "test_supervisor.py",
)


@pytest.fixture
def home() -> Iterator[Path]:
    """Name a home that isn't there yet, in a folder that is for its owner alone (0700)."""
    parent = Path(tempfile.mkdtemp(prefix="lisa-test-")).resolve()
    yield from _cleaned(parent / "home")


@pytest.fixture(scope="module")
def shared_home() -> Iterator[Path]:
    """Name a home for one LISA that several tests of a module use."""
    parent = Path(tempfile.mkdtemp(prefix="lisa-test-")).resolve()
    yield from _cleaned(parent / "home")


@pytest.fixture
def open_home() -> Iterator[Path]:
    """Name a home that isn't there yet, in a folder through which everybody may pass."""
    parent = Path(tempfile.mkdtemp(prefix="lisa-test-")).resolve()
    parent.chmod(0o711)
    yield from _cleaned(parent / "home")


@pytest.fixture(scope="session")
def command_environ() -> dict[str, str]:
    """Return an environment for the command line in which nothing of LISA is set."""
    return {name: value for name, value in os.environ.items() if not name.startswith("LISA_")}


class ByLisa(LoadScopeScheduling):  # type: ignore[misc] # untyped
    """Keeps tests that share a LISA in one process, which starts it once."""

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        return module if module.endswith(SHARING) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByLisa:
    """Let a LISA that is shared start in one process only."""
    return ByLisa(config, log)


def _cleaned(home: Path) -> Iterator[Path]:
    yield home
    shutil.rmtree(postgres_place(home), ignore_errors=True)
    shutil.rmtree(home.parent)
