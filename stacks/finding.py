"""A finding of the validators that we live with."""

from dataclasses import dataclass
from typing import Final

NAG: Final = "AwsSolutions::AwsSolutions-"
SECRETS_PREFIX: Final = "<SecretsPrefix>"
DEPLOYMENT: Final = "<Deployment>"
QUALIFIER: Final = "<Qualifier>"  # of `cdk bootstrap`
OLDER_RUNTIME: Final = (
    "a newer Python would be supported for longer",
    "it is a supported runtime, and the one that every locked wheel is chosen and tested for",
)


@dataclass(frozen=True)
class Acknowledged:
    """One finding; it covers the resource and what belongs to it, nothing else."""

    stack: str
    resource: str
    rule: str
    risk: str
    reason: str


def any_of(service: str, resources: str, region: str = "<AWS::Region>:<AWS::AccountId>") -> str:
    """Return the rule that finds permissions on these resources of a service."""
    return f"{NAG}IAM5[Resource::arn:<AWS::Partition>:{service}:{region}:{resources}]"
