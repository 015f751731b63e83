"""A service's image: one that is built already, or the recipe by which the deployment builds it."""

import hashlib
import re
from typing import Any, Final

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecr_assets as assets
from aws_cdk import aws_ecs as ecs
from constructs import Construct

from deployment.config.account import ArtifactsConfig
from lisa.declared.entry_points import Service
from stacks.constructs.certificates import own_certificates
from stacks.constructs.sources import ROOT

IN_ECR: Final = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.[^/]+/"
    r"(?P<name>[^:@]+)(:(?P<tag>[^@]+))?(@(?P<digest>.+))?"
)
REQUIREMENTS: Final = {
    "serve": ("app", "knowledge", "serve"),
    "ingest": ("app", "knowledge"),
    "litellm": ("litellm",),
}


def image_of(
    scope: Construct, artifacts: ArtifactsConfig, service: Service, image: str
) -> ecs.ContainerImage:
    """Return the image; nothing is built while synthesising."""
    if not image:
        return ecs.ContainerImage.from_asset(
            str(ROOT),
            file=f"containers/{service.name}/Dockerfile",
            platform=assets.Platform.LINUX_AMD64,
            ignore_mode=cdk.IgnoreMode.DOCKER,
            exclude=_all_but(service),
            build_args={"BASE": artifacts.base_image} if artifacts.base_image else None,
            **_with_certificates(artifacts),
        )
    named = IN_ECR.fullmatch(image)
    if not named:
        return ecs.ContainerImage.from_registry(image)
    repository = ecr.Repository.from_repository_attributes(
        scope,
        "Repository",
        repository_name=named["name"],
        repository_arn=cdk.Stack.of(scope).format_arn(
            service="ecr",
            resource="repository",
            resource_name=named["name"],
            region=named["region"],
            account=named["account"],
        ),
    )
    # A digest says more than a tag, which may be moved.
    return ecs.ContainerImage.from_ecr_repository(repository, named["digest"] or named["tag"])


def needs_login(image: str) -> bool:
    """Tell whether the image comes from a registry of AWS, which wants to know who pulls."""
    return not image or bool(IN_ECR.fullmatch(image))


def _with_certificates(artifacts: ArtifactsConfig) -> dict[str, Any]:
    """Show the build our certificates; a secret's content doesn't count as part of the recipe."""
    if not artifacts.ca_bundle:
        return {}
    shown = cdk.DockerBuildSecret.from_src(str(artifacts.ca_bundle.absolute()))
    content = hashlib.sha256(own_certificates(artifacts)).hexdigest()
    return {"build_secrets": {"certificates": shown}, "extra_hash": content}


def _all_but(service: Service) -> list[str]:
    """Return what of the checkout is no part of the image."""
    parts = [
        "lisa",
        "containers/__init__.py",
        f"containers/{service.name}",
        *(f"requirements/{name}.txt" for name in REQUIREMENTS[service.name]),
    ]
    return ["*", *(f"!{part}" for part in parts), "**/__pycache__", "**/*.md"]
