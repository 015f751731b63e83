"""What engines are started with on this machine, and which GPUs there are."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from lisa.adapters.processes.engine_launch import EngineLaunch
from lisa.adapters.processes.gpus import gpus_here
from lisa.domain.errors import Invalid
from lisa.domain.hosting import EngineName, Hosting, HostKind, Weights
from lisa.domain.model import ModelType
from lisa.ports.hosts import HostState
from tests.local.processes.hosts import NoSecrets, process_host, until
from tests.standins.vllm import installed
from tests.unit.engines.weights_files import folder_of, safetensors

CONFIG = {"architectures": ["LlamaForCausalLM"], "max_position_embeddings": 2048}
FILES = {"config.json": CONFIG, "tokenizer.json": {}, "model.safetensors": safetensors()}


class Named:
    async def resolve(self, reference: str) -> str:
        return f"what lies at {reference}"


async def text(model_id: str) -> ModelType:
    assert model_id == "tiny"
    return ModelType.TEXT


def hosting(weights: Path, **about: Any) -> Hosting:
    source = Weights(source=str(weights))
    return Hosting(kind=HostKind.PROCESSES, engine=EngineName.VLLM, weights=source, **about)


def driver(folder: Path, script: str) -> Mapping[str, str]:
    """Put a driver's program there, and return an environment that finds it."""
    program = folder / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return {"PATH": str(folder)}


async def test_a_declared_engine_is_started_from_the_path_with_secrets_resolved(
    tmp_path: Path,
) -> None:
    weights = folder_of(tmp_path / "weights", FILES)
    programs = installed(tmp_path / "bin")
    launch = EngineLaunch(text, Named(), str(programs))
    plan = await launch("tiny", hosting(weights, environment={"HF_TOKEN": "env:HUB"}), 8001, 8002)
    assert plan.argv[:3] == [str(programs / "vllm"), "serve", str(weights)]
    assert plan.argv[plan.argv.index("--port") + 1] == "8001"
    assert plan.env["HF_TOKEN"] == "what lies at env:HUB"
    assert (plan.env["HF_HUB_OFFLINE"], plan.health_path) == ("1", "/health")


async def test_torn_weights_can_never_work(tmp_path: Path) -> None:
    weights = folder_of(tmp_path / "weights", {**FILES, "model.safetensors": b"torn"})
    launch = EngineLaunch(text, NoSecrets(), str(installed(tmp_path / "bin")))
    with pytest.raises(Invalid, match=r"model\.safetensors"):
        await launch("tiny", hosting(weights), 8001, 8002)


async def test_a_missing_program_is_told_with_what_helps(tmp_path: Path) -> None:
    weights = folder_of(tmp_path / "weights", FILES)
    launch = EngineLaunch(text, NoSecrets(), str(tmp_path))
    host = process_host(tmp_path / "home", launch)
    async with host.running():
        await host.ensure("tiny", hosting(weights), 1)
        seen = await until(host, "tiny", HostState.FAILED)
    assert seen.cause == "this machine has no program vllm"
    assert "install vllm" in seen.next_step


async def test_gpus_are_those_the_driver_tells_of(tmp_path: Path) -> None:
    assert await gpus_here(driver(tmp_path, "printf 'GPU-1\\nGPU-2\\n'")) == ["GPU-1", "GPU-2"]


async def test_a_driver_that_fails_tells_of_none(tmp_path: Path) -> None:
    assert await gpus_here(driver(tmp_path, "echo 'no devices were found'; exit 6")) == []


async def test_a_machine_without_a_driver_has_none(tmp_path: Path) -> None:
    assert await gpus_here({"PATH": str(tmp_path)}) == []


@pytest.mark.parametrize(("given", "expected"), [("2, 3", ["2", "3"]), ("", [])])
async def test_lisa_gives_no_gpu_that_it_was_not_given(
    tmp_path: Path, given: str, expected: list[str]
) -> None:
    environ = {**driver(tmp_path, "echo GPU-1"), "CUDA_VISIBLE_DEVICES": given}
    assert await gpus_here(environ) == expected
