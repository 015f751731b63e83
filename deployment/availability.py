"""What a deployment can't have where it goes, why, and what to do instead."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from deployment.partitions import NEEDED, partition_of


@dataclass(frozen=True)
class Choice:
    """A part that a configuration may ask for: the service it takes, and how to do without."""

    service: str
    named: str
    instead: str


CHOICES: Final = {
    "user_pool": Choice(
        "cognito-idp",
        "a user pool",
        "name your own identity provider in doors.issuers",
    ),
    "bedrock": Choice(
        "bedrock",
        "litellm.bedrock_models",
        "empty it; models can run in the account, or at an address you name",
    ),
    "sagemaker": Choice(
        "sagemaker",
        "litellm.sagemaker_endpoints",
        "empty it; models can run in the account, or at an address you name",
    ),
    "serverless": Choice(
        "opensearchserverless",
        "knowledge.serverless_endpoint",
        "leave it empty; repositories can lie in OpenSearch domains and PostgreSQL",
    ),
    "backup": Choice(
        "backup",
        "backup.enabled",
        "set it to false; tables can still be set back to any moment of the last 35 days",
    ),
}


def refusals(region: str, asked: Mapping[str, bool]) -> Iterator[str]:
    """Yield why what is asked for can't be had there, each with what to do instead."""
    partition = partition_of(region)
    for service in NEEDED:
        if not partition.offers(service, region):
            yield f"LISA needs {service}, which {region} is not known to have"
    for key, choice in CHOICES.items():
        if asked[key] and not partition.offers(choice.service, region):
            yield (
                f"{choice.named} needs {choice.service}, which {region} is not known to have: "
                f"{choice.instead}"
            )


def left_out(region: str) -> list[str]:
    """Return what nobody can choose there, for people to read before they deploy."""
    partition = partition_of(region)
    return [
        f"{choice.named}: {region} has no {choice.service}; {choice.instead}"
        for choice in CHOICES.values()
        if not partition.offers(choice.service, region)
    ]
