"""What a deployment may choose about the account it comes into: what is there and must be used."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator

from deployment.config.values import Image, KeyArn, Part, Policy, RoleArn
from lisa.declared.doors import DOORS
from lisa.declared.services import SERVICES


def _certificates(file: Path) -> Path:
    """Return a file of certificates, unless it is none."""
    if not file.is_file() or "-----BEGIN CERTIFICATE-----" not in file.read_text("utf-8"):
        raise ValueError(f"{file} is no file of certificates in PEM")
    return file


class BootstrapConfig(Part):
    """How the account was made ready for the CDK."""

    qualifier: Annotated[str, Field(pattern=r"^([a-z0-9]{1,10})?$")] = ""
    """The qualifier of `cdk bootstrap`; empty: the CDK's own."""


class IamConfig(Part):
    """What roles must look like, or which there are."""

    permissions_boundary: Policy = ""
    """The policy that bounds every role that is made, those of models included."""
    roles: dict[str, RoleArn] = Field(default_factory=dict)
    """Roles that are there already, by the name of the door or service that takes them on; nothing
    is attached to them. What each must be allowed is in `iam-policy-report.txt`, beside the
    templates that synthesising leaves."""

    @field_validator("roles")
    @classmethod
    def _take_them_on(cls, roles: dict[str, str]) -> dict[str, str]:
        known = {each.name for each in (*DOORS, *SERVICES)}
        if unknown := sorted(set(roles) - known):
            raise ValueError(
                f"nothing is called {', '.join(unknown)}; there are {', '.join(sorted(known))}"
            )
        return roles


class EncryptionConfig(Part):
    """What data is encrypted with, and how often secrets are replaced."""

    key: KeyArn | Literal["aws", "make"] = "aws"
    """`aws`: keys of AWS; `make`: a key of this deployment; or the ARN of one that is there, whose
    policy lets this account and the services of AWS use it. Machines' disks, which hold images and
    weights, go by the account's own choice of a key for EBS."""
    rotate_secrets_days: Annotated[int, Field(ge=0, le=365)] = 90
    """After how many days the secrets between LISA's own processes are replaced, which nobody
    notices; 0: never."""


class ArtifactsConfig(Part):
    """What is built already, so that nothing is fetched while synthesising."""

    bundles: Path | None = None
    """A folder with a zip for each function, which `make bundles CONFIG=FILE` fills: nothing is
    fetched while deploying. Absent: they are built from the package index."""
    base_image: Image = ""
    """The Python image that images are built from, such as `python:3.13-slim-bookworm@sha256:...`;
    by a digest it is the same each time. Empty: the tag that the Dockerfiles name."""
    ca_bundle: Annotated[Path, AfterValidator(_certificates)] | None = None
    """Certificates, as PEM, that outgoing calls and builds trust besides the usual ones. Images
    that are given must have them, and the usual, at `/opt/lisa/certificates.pem`."""
