"""A door as a zip: its files and locked requirements, put together by uv without a container."""

import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import aws_cdk as cdk
import jsii
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from lisa.declared.entry_points import Door
from lisa.domain.errors import Invalid
from stacks.constructs.sources import (
    PRODUCTION,
    ROOT,
    Target,
    files_of,
    fingerprint_of,
    locks_of,
    module_of,
)

TARGET_CONTEXT: Final = "lisa:bundle-for"
# uv leaves these beside the packages; both depend on the machine, nothing imports them.
LEFTOVERS: Final = ("bin", ".lock")


def code_of(scope: Construct, door: Door) -> lambda_.Code:
    """Return the door's code as an asset that is built again only when a part of it changed."""
    target = _chosen_target(scope)
    return lambda_.Code.from_asset(
        str(ROOT.joinpath(*module_of(door).split(".")[:-1])),
        asset_hash_type=cdk.AssetHashType.CUSTOM,
        asset_hash=fingerprint_of(door, target),
        bundling=cdk.BundlingOptions(
            image=cdk.DockerImage.from_registry("never-used"), local=_Bundler(door, target)
        ),
    )


def build_bundle(door: Door, target: Target, folder: Path) -> None:
    """Put the door's files and what they need into an empty folder."""
    _install_requirements(locks_of(door), target, folder)
    for file in files_of(door):
        copy = folder / file.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)


def _chosen_target(scope: Construct) -> Target:
    """Return what will run the code; the emulator runs it on the interpreter that synthesises."""
    chosen = scope.node.try_get_context(TARGET_CONTEXT) or "production"
    targets = {"production": PRODUCTION, "emulator": Target(platform.python_version())}
    if chosen not in targets:
        raise Invalid(
            f"{TARGET_CONTEXT}={chosen} is not known", next_step=f"say one of {', '.join(targets)}"
        )
    return targets[chosen]


def _install_requirements(locks: Sequence[Path], target: Target, folder: Path) -> None:
    where = ["--python-platform", target.platform] if target.platform else []
    subprocess.run(
        [
            *(_uv(), "pip", "install", "--quiet", "--target", str(folder)),
            *("--python", sys.executable, "--python-version", target.python, *where),
            *("--require-hashes", "--only-binary", ":all:", "--link-mode", "hardlink"),
            *(f"--requirements={lock}" for lock in locks),
        ],
        check=True,
    )
    for leftover in LEFTOVERS:
        path = folder / leftover
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _uv() -> str:
    beside_us = Path(sys.executable).with_name("uv")
    return str(beside_us) if beside_us.exists() else "uv"


@jsii.implements(cdk.ILocalBundling)
class _Bundler:
    """What the CDK calls when the asset isn't there yet."""

    def __init__(self, door: Door, target: Target) -> None:
        self._door = door
        self._target = target

    def try_bundle(self, output_dir: str, *_: Any, **__: Any) -> bool:
        build_bundle(self._door, self._target, Path(output_dir))
        return True
