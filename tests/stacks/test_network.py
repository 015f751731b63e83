import json
import re
from collections.abc import Mapping
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Annotations, Match
from pydantic import ValidationError

from deployment.config.deployment import DeploymentConfig
from deployment.config.network import NetworkConfig
from deployment.config.reading import read_config
from deployment.endpoints import ENDPOINTS, needed
from stacks.network import NetworkStack
from tests.stacks.conftest import ROOT, WITH_INFERENCE, context
from tests.stacks.resources import of_type, text

THERE = NetworkConfig(
    vpc_id="vpc-0a1b",
    availability_zones=("eu-central-1a", "eu-central-1b"),
    private_subnets=("subnet-0a", "subnet-0b"),
)


ISOLATED = NetworkConfig(nat_gateways=0, endpoints=True)
# The SDK calls these otherwise than their endpoints are called.
ENDPOINT_OF = {
    "stepfunctions": "states",
    "elbv2": "elasticloadbalancing",
    "resourcegroupstaggingapi": "tagging",
}
NO_ENDPOINT = {"iam"}  # nowhere but in one region; a role that services want is made once


def inside(network: NetworkConfig) -> DeploymentConfig:
    return read_config(WITH_INFERENCE).model_copy(update={"network": network})


def an_app() -> cdk.App:
    return cdk.App(
        context=context(), analytics_reporting=False, builtin_cloud_formation_validation=False
    )


def made(config: DeploymentConfig) -> dict[str, Any]:
    """Return the template of the network alone."""
    app = an_app()
    stack = NetworkStack(app, config)
    template: dict[str, Any] = app.synth().get_stack_by_name(stack.stack_name).template
    return template


@pytest.fixture(scope="module")
def with_nat() -> dict[str, Any]:
    return made(read_config(WITH_INFERENCE))


@pytest.fixture(scope="module")
def isolated() -> dict[str, Any]:
    return made(inside(ISOLATED))


def published(template: Mapping[str, Any]) -> dict[str, Any]:
    return {
        parameter["Properties"]["Name"].removeprefix("/lisa/dev/network/"): parameter["Properties"][
            "Value"
        ]
        for parameter in of_type(template, "AWS::SSM::Parameter").values()
    }


def endpoints(template: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the endpoints of a network by the service that each leads to."""
    return {
        text(found["Properties"]["ServiceName"]).removeprefix("com.amazonaws.${AWS::Region}."): (
            found["Properties"]
        )
        for found in of_type(template, "AWS::EC2::VPCEndpoint").values()
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
    with_nat: Mapping[str, Any],
) -> None:
    assert rules(with_nat) == {
        ("10.0.0.0/8", "LISA: the balancer of all inference", 443),
        ("LISA: the gateway", "LISA: the balancer of all inference", 443),  # readers of documents
        ("LISA: the balancer of all inference", "LISA: the gateway", 8080),
        ("LISA: the gateway", "LISA: the balancer of the LiteLLM service", 80),
        ("LISA: the balancer of the LiteLLM service", "LISA: the LiteLLM service", 8090),
    }


def test_a_made_network_gives_no_public_address_and_has_one_way_out(
    with_nat: Mapping[str, Any],
) -> None:
    network = with_nat
    subnets = of_type(network, "AWS::EC2::Subnet").values()

    assert len(subnets) == 4
    assert not [each for each in subnets if each["Properties"]["MapPublicIpOnLaunch"]]
    assert len(of_type(network, "AWS::EC2::NatGateway")) == 1


def test_without_nat_gateways_there_is_no_way_out_at_all() -> None:
    network = made(inside(NetworkConfig(nat_gateways=0)))

    assert len(of_type(network, "AWS::EC2::Subnet")) == 2
    assert not of_type(network, "AWS::EC2::InternetGateway")
    assert not of_type(network, "AWS::EC2::Route")


def test_in_a_network_that_is_there_only_groups_are_made() -> None:
    network = made(inside(THERE))

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


def test_services_that_are_free_to_reach_are_reached_without_leaving_the_network(
    with_nat: Mapping[str, Any],
) -> None:
    assert set(endpoints(with_nat)) == {"s3", "dynamodb"}


def test_with_endpoints_there_is_one_for_each_service_that_is_called_and_no_other(
    isolated: Mapping[str, Any],
) -> None:
    reached = endpoints(isolated)

    assert set(reached) == {each.service for each in needed(inside(ISOLATED))}
    assert set(reached) >= {
        "ecr.api",
        "ecr.dkr",
        "logs",
        "ecs",
        "secretsmanager",
        "lambda",
        "states",
    }
    addresses = [each for each in reached.values() if each["VpcEndpointType"] == "Interface"]
    assert len(addresses) == len(reached) - 2
    assert all(each["PrivateDnsEnabled"] for each in addresses)
    assert all(len(each["SubnetIds"]) == 2 for each in addresses)


def test_endpoints_are_reached_from_private_subnets_only(isolated: Mapping[str, Any]) -> None:
    network = isolated
    made_of = of_type(network, "AWS::EC2::Subnet").values()
    subnets = {subnet["Properties"]["CidrBlock"] for subnet in made_of}

    group = "LISA: private addresses of services of AWS"
    assert {rule for rule in rules(network) if rule[1] == group} == {
        (subnet, group, 443) for subnet in subnets
    }


def test_endpoints_carry_nothing_out_with_credentials_of_others(
    isolated: Mapping[str, Any],
) -> None:
    reached = endpoints(isolated)

    open_to_others = {
        service for service, found in reached.items() if "PolicyDocument" not in found
    }
    assert open_to_others == {each.service for each in ENDPOINTS if not each.ours}
    for service, found in reached.items():
        for statement in found.get("PolicyDocument", {"Statement": []})["Statement"]:
            ours = statement.get("Condition") == {
                "StringEquals": {"aws:PrincipalAccount": {"Ref": "AWS::AccountId"}}
            }
            layers = "starport-layer-bucket" in text(statement["Resource"])
            assert ours or (service == "s3" and layers)


def test_an_endpoint_is_made_only_where_something_calls_it() -> None:
    plain = inside(ISOLATED).model_dump()
    plain["litellm"] = {}
    plain["knowledge"] = {"enabled": False}
    serve_alone = DeploymentConfig.model_validate(plain)
    everything = {each.service for each in needed(inside(ISOLATED))}

    assert everything - {each.service for each in needed(serve_alone)} == {
        "bedrock-runtime",
        "sagemaker.runtime",
        "ssm",
        "sqs",
        "states",
    }
    assert not needed(DeploymentConfig())
    assert all(each.why and each.callers(inside(ISOLATED)) for each in ENDPOINTS)


def test_every_service_that_our_code_calls_has_its_endpoint() -> None:
    called = {
        name
        for file in (ROOT / "lisa" / "adapters").rglob("*.py")
        for name in re.findall(
            r"""(?:\.client\(|\.ask\(\s*)"([a-z0-9]+)\"""", file.read_text(encoding="utf-8")
        )
    }

    assert len(called) > 10
    assert {ENDPOINT_OF.get(name, name) for name in called - NO_ENDPOINT} <= {
        each.service for each in ENDPOINTS
    }


def test_who_connects_to_whom_is_logged_as_long_as_other_logs(
    with_nat: Mapping[str, Any],
) -> None:
    network = with_nat
    [flows] = of_type(network, "AWS::EC2::FlowLog").values()
    [log] = of_type(network, "AWS::Logs::LogGroup")

    assert flows["Properties"]["LogGroupName"] == {"Ref": log}
    assert flows["Properties"]["TrafficType"] == "ALL"
    assert network["Resources"][log]["Properties"]["RetentionInDays"] == 90
    assert not of_type(made(inside(THERE)), "AWS::EC2::FlowLog")


def test_nothing_of_ours_is_in_the_default_group(isolated: Mapping[str, Any]) -> None:
    assert "DefaultSecurityGroup" not in json.dumps(isolated)
    assert not of_type(isolated, "AWS::Lambda::Function")


def test_groups_that_are_there_are_used_as_they_are() -> None:
    given = THERE.model_copy(update={"security_groups": {"balancer": "sg-0a", "serve": "sg-0b"}})
    network = made(inside(given))
    told = published(network)

    assert (told["group-balancer"], told["group-serve"]) == ("sg-0a", "sg-0b")
    assert len(of_type(network, "AWS::EC2::SecurityGroup")) == 2
    changed = [
        text(rule["Properties"]["GroupId"])
        for kind in ("Ingress", "Egress")
        for rule in of_type(network, f"AWS::EC2::SecurityGroup{kind}").values()
    ]
    assert not [group for group in changed if group.startswith("sg-")]


@pytest.mark.parametrize(
    ("network", "warned"), [(NetworkConfig(nat_gateways=0), 1), (ISOLATED, 0), (THERE, 0)]
)
def test_a_network_without_a_way_out_is_warned_of(network: NetworkConfig, warned: int) -> None:
    stack = NetworkStack(an_app(), inside(network))

    found = Annotations.from_stack(stack).find_warning("*", Match.string_like_regexp("endpoints"))
    assert len(found) == warned


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"private_subnets": ["subnet-0a"]}, "of a network with a vpc_id"),
        ({"vpc_id": "vpc-0a1b"}, "two availability_zones"),
        ({**THERE.model_dump(), "private_subnets": ["subnet-0a"]}, "a private subnet in each"),
        ({**THERE.model_dump(), "public_subnets": ["subnet-0c"]}, "one in each"),
        ({**THERE.model_dump(), "endpoints": True}, "yours are up to you"),
        ({"security_groups": {"serve": "sg-0a"}}, "with a vpc_id"),
        ({"cidr": "everywhere"}, "cidr"),
    ],
)
def test_a_network_that_does_not_hold_together_is_refused(
    wrong: dict[str, Any], named: str
) -> None:
    with pytest.raises(ValidationError, match=named):
        NetworkConfig.model_validate(wrong)
