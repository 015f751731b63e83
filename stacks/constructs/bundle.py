"""A door's code as an asset: a zip that is there already, or one that is built when it changed."""

from pathlib import Path
from typing import Any, Final

import aws_cdk as cdk
import jsii
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from deployment.config.account import ArtifactsConfig
from lisa.declared.entry_points import Door
from lisa.domain.errors import Invalid
from stacks.constructs.bundle_building import TARGETS, build_bundle, zip_name
from stacks.constructs.certificates import own_certificates
from stacks.constructs.sources import ROOT, Target, fingerprint_of, module_of

TARGET_CONTEXT: Final = "lisa:bundle-for"


def code_of(scope: Construct, artifacts: ArtifactsConfig, door: Door) -> lambda_.Code:
    """Return the door's code; where there is a folder of bundles nothing is built."""
    target, certificates = _chosen_target(scope), own_certificates(artifacts)
    fingerprint = fingerprint_of(door, target, certificates)
    if artifacts.bundles:
        return lambda_.Code.from_asset(
            str(_built_already(artifacts.bundles / zip_name(door, target, certificates), door)),
            asset_hash_type=cdk.AssetHashType.CUSTOM,
            asset_hash=fingerprint,
        )
    return lambda_.Code.from_asset(
        str(ROOT.joinpath(*module_of(door).split(".")[:-1])),
        asset_hash_type=cdk.AssetHashType.CUSTOM,
        asset_hash=fingerprint,
        bundling=cdk.BundlingOptions(
            image=cdk.DockerImage.from_registry("never-used"),
            local=_Bundler(door, target, certificates),
        ),
    )


def _built_already(file: Path, door: Door) -> Path:
    """Return a zip of this very version; an older one would be deployed without a word."""
    if not file.is_file():
        raise Invalid(
            f"artifacts.bundles has no bundle of the door {door.name!r} as it is now: {file.name}",
            next_step="run `make bundles` with this configuration (CONFIG=FILE) where there is a "
            "package index, and bring the folder here",
        )
    return file


def _chosen_target(scope: Construct) -> Target:
    """Return what will run the code; the emulator runs it on the interpreter that synthesises."""
    chosen = scope.node.try_get_context(TARGET_CONTEXT) or "production"
    if chosen not in TARGETS:
        raise Invalid(
            f"{TARGET_CONTEXT}={chosen} is not known", next_step=f"say one of {', '.join(TARGETS)}"
        )
    return TARGETS[chosen]


@jsii.implements(cdk.ILocalBundling)
class _Bundler:
    """What the CDK calls when the asset isn't there yet."""

    def __init__(self, door: Door, target: Target, certificates: bytes) -> None:
        self._door = door
        self._target = target
        self._certificates = certificates

    def try_bundle(self, output_dir: str, *_: Any, **__: Any) -> bool:
        build_bundle(self._door, self._target, Path(output_dir), self._certificates)
        return True
