"""AWS's partitions: where each lies, how its hosts are named, and what isn't there that we use.

Written down from botocore 1.44.5 (`data/partitions.json` and `data/endpoints.json`), which a test
compares with the one that is installed, and from `aws_cdk.region_info` of aws-cdk-lib 2.275.0; both
read in November 2026. They tell of services, not of their features: whether, say, Fargate is to be
had in a region is for `lisa preflight` to ask there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from lisa.domain.errors import Invalid

PartitionName: TypeAlias = Literal[
    "aws",
    "aws-us-gov",
    "aws-cn",
    "aws-iso",
    "aws-iso-b",
    "aws-iso-e",
    "aws-iso-f",
    "aws-eusc",
]
ALL: Final = ("*",)
NEEDED: Final = (  # by every deployment, or by one with a gateway
    *("apigateway", "cloudformation", "cloudwatch", "dynamodb", "ec2", "events", "kms", "lambda"),
    *("logs", "s3", "secretsmanager", "sns", "sqs", "ssm", "stepfunctions", "sts"),
    *("application-autoscaling", "autoscaling", "ecr", "ecs", "elbv2", "opensearch", "rds", "xray"),
)


@dataclass(frozen=True)
class Partition:
    """One of them. `absent` names, by service, the regions that are without it."""

    name: PartitionName
    suffix: str
    regions: str
    absent: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    isolated: bool = False
    """Nothing there reaches the internet: images must be given."""

    def holds(self, region: str) -> bool:
        """Tell whether a region lies in it."""
        return bool(re.fullmatch(self.regions, region))

    def offers(self, service: str, region: str) -> bool:
        """Tell whether a service is there, as far as is known."""
        without = self.absent.get(service, ())
        return without != ALL and region not in without


WITHOUT_SERVERLESS: Final = (
    *("af-south-1", "ap-east-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5"),
    *("ap-southeast-6", "ap-southeast-7", "ca-west-1", "il-central-1", "me-central-1"),
    *("me-south-1", "mx-central-1"),
)
NO_POOLS: Final = {"cognito-idp": ALL, "opensearchserverless": ALL}
PARTITIONS: Final = (
    Partition(
        "aws",
        "amazonaws.com",
        r"(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+",
        {"bedrock": ("ap-east-1",), "opensearchserverless": WITHOUT_SERVERLESS},
    ),
    Partition("aws-us-gov", "amazonaws.com", r"us-gov-\w+-\d+"),
    Partition("aws-cn", "amazonaws.com.cn", r"cn-\w+-\d+", {**NO_POOLS, "bedrock": ALL}),
    Partition(
        "aws-iso",
        "c2s.ic.gov",
        r"us-iso-\w+-\d+",
        {**NO_POOLS, "bedrock": ("us-iso-west-1",), "sagemaker": ("us-iso-west-1",)},
        isolated=True,
    ),
    Partition(
        "aws-iso-b",
        "sc2s.sgov.gov",
        r"us-isob-\w+-\d+",
        {
            **NO_POOLS,
            "apigateway": ("us-isob-west-1",),
            "bedrock": ("us-isob-west-1",),
            "sagemaker": ("us-isob-west-1",),
        },
        isolated=True,
    ),
    Partition(
        "aws-iso-e",
        "cloud.adc-e.uk",
        r"eu-isoe-\w+-\d+",
        {**NO_POOLS, "backup": ALL, "bedrock": ALL},
        isolated=True,
    ),
    Partition(
        "aws-iso-f",
        "csp.hci.ic.gov",
        r"us-isof-\w+-\d+",
        {**NO_POOLS, "apigateway": ALL},
        isolated=True,
    ),
    Partition("aws-eusc", "amazonaws.eu", r"eusc-de-\w+-\d+", {"opensearchserverless": ALL}),
)


def partition_of(region: str) -> Partition:
    """Return where a region lies."""
    for partition in PARTITIONS:
        if partition.holds(region):
            return partition
    known = ", ".join(partition.name for partition in PARTITIONS)
    raise Invalid(
        f"no partition we know of has a region {region!r}",
        next_step=f"write it as AWS does, as eu-central-1; known are {known}",
    )
