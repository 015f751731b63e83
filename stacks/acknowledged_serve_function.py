"""Findings that the gateway as a function brings, and why we live with them."""

from collections.abc import Iterator
from typing import Final

from deployment.config.deployment import DeploymentConfig
from lisa.declared.parts import Part
from stacks.finding import NAG, OLDER_RUNTIME, SECRETS_PREFIX, Acknowledged

ROLE: Final = "Door-serve/Role"
PLACES: Final = ("anthropic", "anthropic/{proxy+}", "v1", "v1/{proxy+}", "v2", "v2/{proxy+}")


def found_in_serve_function(config: DeploymentConfig) -> Iterator[Acknowledged]:
    """Yield what there is to acknowledge where the gateway is a function."""
    yield Acknowledged("serve", "Door-serve/Function", f"{NAG}L1", *OLDER_RUNTIME)
    yield Acknowledged(
        "serve",
        ROLE,
        f"{NAG}IAM5[Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:"
        f"secret:{SECRETS_PREFIX}*]",
        "the function reaches every key that was given to this deployment",
        "keys come and go with models; no name outside the deployment's prefix is reached",
    )
    if config.has(Part.CHAT):
        yield Acknowledged(
            "serve",
            ROLE,
            f"{NAG}IAM5[Resource::arn:<AWS::Partition>:s3:::<BucketContent>/*]",
            "the function reaches every object of the content bucket",
            "objects have the names of their owners; the gateway decides who sees which",
        )
    if config.serve.origins:
        yield from (each for place in PLACES for each in _asked_before(place))


def _asked_before(place: str) -> Iterator[Acknowledged]:
    for rule in ("APIG4", "COG4"):
        yield Acknowledged(
            "api",
            f"Api/Default/{place}/OPTIONS",
            f"{NAG}{rule}",
            "anybody may ask whether a page may call",
            "browsers ask without credentials; nothing but the list of origins is told",
        )
