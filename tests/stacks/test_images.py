"""Images by digest: those that are given, and the one that ours are built from."""

import json
import re
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecs as ecs

from deployment.config.account import ArtifactsConfig
from deployment.config.services import ServeConfig
from deployment.preflight.images import IN_ECR as LOOKED_FOR
from lisa.declared.services import INGEST_TASK, LITELLM, SERVE
from stacks.constructs.image import image_of
from tests.stacks.conftest import ROOT, context
from tests.stacks.resources import of_type, text

DIGEST = "sha256:" + "0123456789abcdef" * 4
REGISTRY = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"
BASE = f"python:3.13-slim-bookworm@{DIGEST}"
SERVICES = pytest.mark.parametrize(
    "service", [SERVE, INGEST_TASK, LITELLM], ids=lambda each: str(each.name)
)


def synthesised(service: Any, artifacts: ArtifactsConfig, image: str, folder: Path) -> str:
    """Make a task of the image; return what the task calls it."""
    app = cdk.App(outdir=str(folder), context=context(), analytics_reporting=False)
    stack = cdk.Stack(app, "images")
    task = ecs.FargateTaskDefinition(stack, "Task")
    task.add_container("one", image=image_of(stack, artifacts, service, image))
    app.synth()
    template = json.loads((folder / "images.template.json").read_text())
    [made] = of_type(template, "AWS::ECS::TaskDefinition").values()
    return text(made["Properties"]["ContainerDefinitions"][0]["Image"])


@pytest.mark.parametrize(
    ("given", "used"),
    [
        (f"{REGISTRY}/team/serve:1.2", "/team/serve:1.2"),
        (f"{REGISTRY}/team/serve@{DIGEST}", f"/team/serve@{DIGEST}"),
        (f"{REGISTRY}/team/serve:1.2@{DIGEST}", f"/team/serve@{DIGEST}"),
        (f"registry.example.com/serve@{DIGEST}", f"registry.example.com/serve@{DIGEST}"),
        (
            f"registry.example.com:5000/serve:1@{DIGEST}",
            f"registry.example.com:5000/serve:1@{DIGEST}",
        ),
    ],
)
def test_an_image_that_is_given_by_digest_is_pulled_by_it(
    tmp_path: Path, given: str, used: str
) -> None:
    assert ServeConfig(image=given).image == given
    assert synthesised(SERVE, ArtifactsConfig(), given, tmp_path).endswith(used)


@pytest.mark.parametrize("image", ["serve", "serve@sha256:0123", f"serve@{DIGEST}0"])
def test_an_image_that_names_no_version_is_refused(image: str) -> None:
    with pytest.raises(ValueError, match="needs a tag or a digest"):
        ServeConfig(image=image)
    with pytest.raises(ValueError, match="needs a tag or a digest"):
        ArtifactsConfig(base_image=image)


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        (":1.2", ("1.2", None)),
        (f"@{DIGEST}", (None, DIGEST)),
        (f":1.2@{DIGEST}", ("1.2", DIGEST)),
    ],
)
def test_preflight_looks_for_it_by_what_is_given(
    version: str, expected: tuple[str | None, str | None]
) -> None:
    found = LOOKED_FOR.fullmatch(f"{REGISTRY}/team/serve{version}")

    assert found is not None
    assert found["repository"] == "team/serve"
    assert (found["tag"], found["digest"]) == expected


@SERVICES
@pytest.mark.parametrize("base", ["", BASE], ids=["by its tag", "by digest"])
def test_ours_are_built_from_the_base_that_the_configuration_names(
    tmp_path: Path, service: Any, base: str
) -> None:
    synthesised(service, ArtifactsConfig(base_image=base), "", tmp_path)
    [built] = json.loads((tmp_path / "images.assets.json").read_text())["dockerImages"].values()

    assert built["source"].get("dockerBuildArgs") == ({"BASE": base} if base else None)


@SERVICES
def test_a_dockerfile_takes_its_base_whole_and_names_one_by_its_tag(service: Any) -> None:
    text_of_it = (ROOT / "containers" / service.name / "Dockerfile").read_text()

    assert re.findall(r"^ARG BASE=(\S+)$", text_of_it, re.MULTILINE)[0].startswith("python:3.13-")
    assert set(re.findall(r"^FROM (\S+)", text_of_it, re.MULTILINE)) == {"${BASE}"}
