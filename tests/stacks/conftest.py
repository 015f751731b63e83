"""The app as templates, once per configuration; validators off, bundles not built."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from deployment.config.deployment import DeploymentConfig
from deployment.config.reading import read_config
from stacks.deployment import compose

ROOT = Path(__file__).parents[2]
WITH_INFERENCE = ROOT / "config" / "full.yaml"
EXAMPLES = sorted((ROOT / "config").glob("*.yaml"))


def context(**more: object) -> dict[str, object]:
    """Return what the CDK's command line would pass, with the building of bundles left out."""
    flags = json.loads((ROOT / "cdk.json").read_text())["context"]
    return {**flags, "aws:cdk:bundling-stacks": [], **more}


@pytest.fixture(scope="session")
def assemble(tmp_path_factory: pytest.TempPathFactory) -> Callable[[DeploymentConfig], Path]:
    """Return a function that turns a configuration into a folder for the CDK, once."""
    known: dict[str, Path] = {}

    def assembled(config: DeploymentConfig) -> Path:
        if (text := config.model_dump_json()) not in known:
            known[text] = tmp_path_factory.mktemp("assembly")
            _synthesise(config, known[text])
        return known[text]

    return assembled


@pytest.fixture(scope="session")
def synthesise(
    assemble: Callable[[DeploymentConfig], Path],
) -> Callable[[DeploymentConfig], dict[str, Any]]:
    """Return a function that turns a configuration into templates by the stack's part."""
    return lambda config: templates_in(assemble(config))


def _synthesise(config: DeploymentConfig, folder: Path) -> None:
    app = cdk.App(
        outdir=str(folder),
        context=context(),
        analytics_reporting=False,
        builtin_cloud_formation_validation=False,
    )
    compose(app, config)
    app.synth()


def templates_in(folder: Path) -> dict[str, Any]:
    """Return the templates of a folder by the stack's part."""
    return {
        file.name.split(".")[0].rsplit("-", 1)[-1]: json.loads(file.read_text())
        for file in folder.glob("*.template.json")
    }


@pytest.fixture(scope="session")
def templates(synthesise: Callable[[DeploymentConfig], dict[str, Any]]) -> Mapping[str, Any]:
    """Return the templates of a deployment that has every part."""
    return synthesise(read_config(WITH_INFERENCE))
