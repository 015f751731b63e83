from collections.abc import Callable, Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from stacks.config import DeploymentConfig, read_config
from stacks.inference import NetworkConfig
from tests.stacks.conftest import WITH_INFERENCE
from tests.stacks.resources import of_type

Synthesise = Callable[[DeploymentConfig], dict[str, Any]]
THERE = NetworkConfig(
    vpc_id="vpc-0a1b",
    availability_zones=("eu-central-1a", "eu-central-1b"),
    private_subnets=("subnet-0a", "subnet-0b"),
)


def inside(network: NetworkConfig) -> DeploymentConfig:
    return read_config(WITH_INFERENCE).model_copy(update={"network": network})


def published(template: Mapping[str, Any]) -> dict[str, Any]:
    return {
        parameter["Properties"]["Name"].removeprefix("/lisa/dev/network/"): parameter["Properties"][
            "Value"
        ]
        for parameter in of_type(template, "AWS::SSM::Parameter").values()
    }


def rules(template: Mapping[str, Any]) -> set[tuple[str, str, int]]:
    """Return who may come in: caller, group and port."""
    names = {
        name: found["Properties"]["GroupDescription"]
        for name, found in of_type(template, "AWS::EC2::SecurityGroup").items()
    }
    within = {
        (
            names[rule["SourceSecurityGroupId"]["Fn::GetAtt"][0]],
            names[rule["GroupId"]["Fn::GetAtt"][0]],
            rule["FromPort"],
        )
        for found in of_type(template, "AWS::EC2::SecurityGroupIngress").values()
        for rule in [found["Properties"]]
    }
    outside = {
        (rule["CidrIp"], found["Properties"]["GroupDescription"], rule["FromPort"])
        for found in of_type(template, "AWS::EC2::SecurityGroup").values()
        for rule in found["Properties"].get("SecurityGroupIngress", [])
    }
    return within | outside


def test_each_group_lets_in_the_one_before_it_and_nobody_else(
    templates: Mapping[str, Any],
) -> None:
    assert rules(templates["network"]) == {
        ("10.0.0.0/8", "LISA: the balancer of all inference", 443),
        ("LISA: the gateway", "LISA: the balancer of all inference", 443),  # readers of documents
        ("LISA: the balancer of all inference", "LISA: the gateway", 8080),
        ("LISA: the gateway", "LISA: the balancer of the LiteLLM service", 80),
        ("LISA: the balancer of the LiteLLM service", "LISA: the LiteLLM service", 8090),
    }


def test_a_made_network_gives_no_public_address_and_has_one_way_out(
    templates: Mapping[str, Any],
) -> None:
    network = templates["network"]
    subnets = of_type(network, "AWS::EC2::Subnet").values()

    assert len(subnets) == 4
    assert not [each for each in subnets if each["Properties"]["MapPublicIpOnLaunch"]]
    assert len(of_type(network, "AWS::EC2::NatGateway")) == 1


def test_without_nat_gateways_there_is_no_way_out_at_all(synthesise: Synthesise) -> None:
    network = synthesise(inside(NetworkConfig(nat_gateways=0)))["network"]

    assert len(of_type(network, "AWS::EC2::Subnet")) == 2
    assert not of_type(network, "AWS::EC2::InternetGateway")
    assert not of_type(network, "AWS::EC2::Route")


def test_in_a_network_that_is_there_only_groups_are_made(synthesise: Synthesise) -> None:
    network = synthesise(inside(THERE))["network"]

    kinds = {resource["Type"] for resource in network["Resources"].values()}
    assert kinds == {
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::SecurityGroupEgress",
        "AWS::EC2::SecurityGroupIngress",
        "AWS::SSM::Parameter",
    }
    told = published(network)
    assert told["vpc"] == "vpc-0a1b"
    assert (told["private-subnet-0"], told["private-subnet-1"]) == ("subnet-0a", "subnet-0b")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"private_subnets": ["subnet-0a"]}, "of a network with a vpc_id"),
        ({"vpc_id": "vpc-0a1b"}, "two availability_zones"),
        ({**THERE.model_dump(), "private_subnets": ["subnet-0a"]}, "a private subnet in each"),
        ({**THERE.model_dump(), "public_subnets": ["subnet-0c"]}, "one in each"),
        ({"cidr": "everywhere"}, "cidr"),
    ],
)
def test_a_network_that_does_not_hold_together_is_refused(
    wrong: dict[str, Any], named: str
) -> None:
    with pytest.raises(ValidationError, match=named):
        NetworkConfig.model_validate(wrong)
