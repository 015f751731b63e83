"""The built-in identity provider exists in the local profile and nowhere else."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

from tests.architecture.checkout import ROOT
from tests.architecture.importing import modules_below

PROVIDER = (
    "lisa.bootstrap.local_provider",
    "lisa.http.provider",
    "lisa.adapters.oidc.signing",
    "lisa.adapters.argon2",
    "lisa.usecases.provider.tokens",
    "lisa.usecases.provider.sign_in",
)
LOADED = "import importlib, sys; [importlib.import_module(name) for name in sys.argv[1:]]; "
LOADED += "print(*sys.modules, sep='\\n')"
pytestmark = pytest.mark.slow


def test_no_door_on_aws_knows_it() -> None:
    assert [name for name in PROVIDER if find_spec(name) is None] == []
    names = [name for folder in ("lambdas", "containers") for name in modules_below(folder)]
    command = [sys.executable, "-B", "-c", LOADED, *names]
    done = subprocess.run(
        command, cwd=ROOT, env={}, capture_output=True, text=True, check=True, timeout=60
    )
    found = done.stdout.split()
    assert "lisa.bootstrap.admin" in found
    assert [name for name in found if name.startswith(PROVIDER)] == []
