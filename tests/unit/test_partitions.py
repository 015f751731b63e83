"""Where a deployment may go, and what it can't have there."""

from typing import Any

import boto3
import pytest
from pydantic import ValidationError

from deployment.availability import CHOICES, left_out
from deployment.config.deployment import DeploymentConfig
from deployment.partitions import NEEDED, PARTITIONS, partition_of
from lisa.domain.errors import Invalid

SESSION = boto3.session.Session()
ISSUER = {"issuers": [{"issuer": "https://idp.example.com", "audience": "lisa"}]}
GATEWAY = {
    "enabled": True,
    "callers": ["10.0.0.0/8"],
    "plain_http": "everything stays in the network",
}
# What an isolated network may do, but for what is tried.
ALONE: dict[str, Any] = {"doors": ISSUER, "web": {"enabled": False}}


def regions_of(partition: str, service: str) -> set[str]:
    return set(SESSION.get_available_regions(service, partition_name=partition))


def test_the_partitions_are_those_of_the_sdk() -> None:
    rows = SESSION._session.get_component("data_loader").load_data("partitions")["partitions"]
    theirs = {
        row["id"]: (row["outputs"]["dnsSuffix"], row["regionRegex"].replace("\\-", "-").strip("^$"))
        for row in rows
    }

    assert {each.name: (each.suffix, each.regions) for each in PARTITIONS} == {
        name: (suffix, regions.replace("(de)", "de")) for name, (suffix, regions) in theirs.items()
    }


@pytest.mark.parametrize("partition", PARTITIONS, ids=lambda each: str(each.name))
def test_what_is_where_is_as_the_sdk_tells(partition: Any) -> None:
    everywhere = regions_of(partition.name, "ec2")
    for service in {*NEEDED, *(choice.service for choice in CHOICES.values())}:
        offering = {region for region in everywhere if partition.offers(service, region)}
        assert offering == regions_of(partition.name, service), service


@pytest.mark.parametrize("partition", PARTITIONS, ids=lambda each: str(each.name))
def test_a_region_lies_in_one_partition(partition: Any) -> None:
    for region in regions_of(partition.name, "ec2"):
        assert [each.name for each in PARTITIONS if each.holds(region)] == [partition.name]
        assert partition_of(region) is partition


@pytest.mark.parametrize("region", ["mars-north-1", "eu-central", "us-secret-1-", "cn", ""])
def test_a_region_of_no_partition_is_refused(region: str) -> None:
    with pytest.raises(Invalid) as refused:
        partition_of(region)
    assert "aws-iso-b" in refused.value.next_step


def test_a_configuration_knows_its_partition() -> None:
    assert DeploymentConfig().home is None
    told = DeploymentConfig.model_validate({"region": "us-gov-west-1", "partition": "aws-us-gov"})
    assert told.home
    assert told.home.name == "aws-us-gov"
    with pytest.raises(ValidationError, match="eu-central-1 lies in the partition aws"):
        DeploymentConfig.model_validate({"region": "eu-central-1", "partition": "aws-cn"})
    with pytest.raises(ValidationError, match="no partition we know of has a region 'xx-north-1'"):
        DeploymentConfig(region="xx-north-1")


@pytest.mark.parametrize(
    ("region", "asked", "instead"),
    [
        ("cn-north-1", {"doors": {}}, "doors.issuers"),
        ("us-iso-east-1", {"doors": {}}, "doors.issuers"),
        ("cn-north-1", {"litellm": {"bedrock_models": ["a.model"]}}, "litellm.bedrock_models"),
        ("us-iso-west-1", {"litellm": {"sagemaker_endpoints": ["an-end"]}}, "sagemaker_endpoints"),
        ("eu-isoe-west-1", {"backup": {"enabled": True}}, "backup.enabled"),
        ("il-central-1", {"knowledge": {"serverless_endpoint": "make"}}, "serverless_endpoint"),
        ("us-isof-south-1", {}, "LISA needs apigateway"),
        ("us-iso-east-1", {"serve": GATEWAY}, "give serve.image, litellm.image, knowledge.image"),
    ],
)
def test_what_isn_t_there_is_refused_with_what_to_do(
    region: str, asked: dict[str, Any], instead: str
) -> None:
    images = {"image": "registry.example.com/lisa:1"}
    given = {
        "serve": {**GATEWAY, **images},
        "litellm": images,
        "knowledge": images,
    }
    for part in ("litellm", "knowledge"):
        if part in asked:
            asked = {**asked, part: {**images, **asked[part]}}
    if "serve" in asked:
        given = {}
    DeploymentConfig.model_validate({**ALONE, **given})
    with pytest.raises(ValidationError) as refused:
        DeploymentConfig.model_validate({**ALONE, **given, **asked, "region": region})
    assert instead in str(refused.value)


def test_people_can_read_what_nobody_can_choose_there() -> None:
    assert left_out("eu-central-1") == []
    told = "\n".join(left_out("cn-north-1"))
    assert "doors.issuers" in told
    assert "litellm.bedrock_models" in told
