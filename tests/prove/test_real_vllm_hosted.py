"""The real vLLM as a model that LISA runs: from a folder of weights to an answer, and gone again.

Collected where `test_real_vllm.py` is, which says what must be installed.
"""

import asyncio
import shlex
import subprocess
import time
from pathlib import Path
from typing import Any, Final

import pytest

from lisa.declared.home import MODELS
from tests.local.conftest import command_environ, home
from tests.local.living import Living, running_with
from tests.prove import test_real_vllm as vllm

__all__ = ["command_environ", "home"]
__test__ = vllm.__test__
pytestmark = pytest.mark.timeout(1200)  # it starts twice, each time for minutes

HOSTING: Final[dict[str, Any]] = {
    "options": {"enforce_eager": True, "max_model_len": 2048},
    "environment": {"VLLM_CPU_KVCACHE_SPACE": "1", "HF_HUB_OFFLINE": "1", "DO_NOT_TRACK": "1"},
}
ASKED: Final = {"model": "tiny", "messages": vllm.ASKED, **vllm.FORCED}
PATIENCE: Final = 600


def installed(folder: Path) -> Path:
    """Put a program `vllm` into a folder that finds itself by its official name."""
    names = vllm.named_as_vllm_expects(folder / "names")
    program = folder / "vllm"
    real = shlex.quote(str(vllm.PYTHON.parent / "vllm"))
    program.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(names))} exec {real} "$@"\n')
    program.chmod(0o755)
    return folder


def arrived(living: Living) -> dict[str, Any]:
    """Return the model as soon as it is no longer on its way."""
    while (model := living.model("tiny"))["status"] in {"Creating", "Starting", "Stopping"}:
        time.sleep(1)
    return model


def test_vllm_is_created_called_stopped_woken_and_deleted_without_a_trace(
    home: Path, command_environ: dict[str, str], tmp_path: Path
) -> None:
    weights = tmp_path / "model"
    make = [str(vllm.PYTHON), "-c", vllm.MAKE_MODEL, str(weights)]
    subprocess.run(make, check=True, timeout=300)
    programs = installed(tmp_path / "programs")
    with running_with(programs, weights, home, command_environ) as living:
        living.create("tiny", **HOSTING)
        assert arrived(living)["status"] == "InService", living.model("tiny")
        assert living.says("tiny")
        living.change("tiny", {"enabled": False})
        assert arrived(living)["status"] == "Stopped"
        assert living.processes("tiny") == []
        living.held("tiny", timeout=PATIENCE)
        answer = living.http.post("/v1/chat/completions", json=ASKED).json()
        assert answer["choices"][0]["message"]["content"] == vllm.SAYS
        living.http.delete("/api/models/tiny")
        living.becomes("tiny", "gone")
        assert living.processes("tiny") == []
        assert list((living.lisa.home / MODELS).iterdir()) == []
        assert asyncio.run(living.left("tiny")) == []
