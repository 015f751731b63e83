"""The production profile outlives a task, a machine and a zone, and its page says how."""

import re
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any, Final

import pytest

from deployment.config.deployment import DeploymentConfig
from deployment.config.reading import read_config
from lisa.declared.store_offers import OFFERS
from lisa.declared.store_stack import StoreTemplate
from tests.stacks.conftest import ROOT
from tests.stacks.resources import of_type

PAGE: Final = (ROOT / "docs" / "operations" / "availability.md").read_text()
PRODUCTION: Final = read_config(ROOT / "config" / "production.yaml")
SAID: Final = re.findall(r"^\| `([a-z_.]+)` \| (\w+) \|", PAGE, re.MULTILINE)
BALANCED: Final = ("serve", "litellm")
ZONES: Final = 2


@pytest.fixture(scope="module")
def templates(
    synthesise: Callable[[DeploymentConfig], dict[str, Any]],
) -> Mapping[str, Any]:
    return synthesise(PRODUCTION)


def only(template: Mapping[str, Any], kind: str) -> dict[str, Any]:
    [found] = of_type(template, kind).values()
    return dict(found["Properties"])


def test_the_page_names_what_the_production_profile_sets() -> None:
    assert len(SAID) == 6
    for path, value in SAID:
        chosen = reduce(getattr, path.split("."), PRODUCTION)
        assert str(chosen).lower() == value, path


@pytest.mark.parametrize("part", BALANCED)
def test_two_of_each_service_stand_behind_a_balancer_in_two_zones(
    templates: Mapping[str, Any], part: str
) -> None:
    template = templates[part]
    scaling = only(template, "AWS::ApplicationAutoScaling::ScalableTarget")
    assert scaling["MinCapacity"] >= ZONES
    balancer = only(template, "AWS::ElasticLoadBalancingV2::LoadBalancer")
    service = only(template, "AWS::ECS::Service")
    network = service["NetworkConfiguration"]["AwsvpcConfiguration"]
    for subnets in (balancer["Subnets"], network["Subnets"]):
        assert len({str(each) for each in subnets}) == ZONES
    assert service["DeploymentConfiguration"]["MinimumHealthyPercent"] == 100


@pytest.mark.parametrize("part", BALANCED)
def test_a_dead_task_is_sent_calls_for_ten_seconds_at_most(
    templates: Mapping[str, Any], part: str
) -> None:
    targets = only(templates[part], "AWS::ElasticLoadBalancingV2::TargetGroup")
    interval, times = targets["HealthCheckIntervalSeconds"], targets["UnhealthyThresholdCount"]
    assert (interval, interval * times) == (5, 10)
    assert "every 5 seconds" in PAGE
    assert "at most 10 seconds" in PAGE


def test_litellm_always_has_machines_in_two_zones(templates: Mapping[str, Any]) -> None:
    machines = only(templates["litellm"], "AWS::AutoScaling::AutoScalingGroup")
    assert int(machines["MinSize"]) == ZONES
    assert len({str(each) for each in machines["VPCZoneIdentifier"]}) == ZONES
    [spread] = only(templates["litellm"], "AWS::ECS::Service")["PlacementStrategies"]
    assert spread == {"Field": "attribute:ecs.availability-zone", "Type": "spread"}


def test_one_task_alone_keeps_no_machine_waiting(
    synthesise: Callable[[DeploymentConfig], dict[str, Any]],
) -> None:
    size = PRODUCTION.litellm.capacity.model_copy(update={"min_tasks": 1})
    litellm = PRODUCTION.litellm.model_copy(update={"capacity": size})
    template = synthesise(PRODUCTION.model_copy(update={"litellm": litellm}))["litellm"]
    assert only(template, "AWS::AutoScaling::AutoScalingGroup")["MinSize"] == "0"


def test_each_zone_has_a_way_out_of_its_own(templates: Mapping[str, Any]) -> None:
    network = templates["network"]
    gateways = of_type(network, "AWS::EC2::NatGateway").values()
    assert len({str(each["Properties"]["SubnetId"]) for each in gateways}) == ZONES
    ways = [
        str(route["Properties"]["NatGatewayId"])
        for route in of_type(network, "AWS::EC2::Route").values()
        if "NatGatewayId" in route["Properties"]
    ]
    assert len(ways) == len({*ways}) == ZONES


def test_two_readers_of_documents_run(templates: Mapping[str, Any]) -> None:
    assert only(templates["ingest"], "AWS::ECS::Service")["DesiredCount"] == ZONES


@pytest.mark.parametrize(
    ("template", "option", "usual"),
    [
        (StoreTemplate.RDS, "standby", False),
        (StoreTemplate.AURORA, "standby", False),
        (StoreTemplate.DOMAIN, "nodes", 2),
        (StoreTemplate.SERVERLESS, "standby", True),
    ],
)
def test_the_page_says_how_a_store_is_spread(
    template: StoreTemplate, option: str, usual: object
) -> None:
    assert OFFERS[template].options[option].usual == usual
    assert f"`{option}: {str(usual).lower()}`" in PAGE
