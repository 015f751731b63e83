"""What is billed for being there, as templates tell it."""

from typing import Any

import pytest

from deployment import prices
from deployment.hourly import Billed, billed_by_time, unknown_types, usd_per_month, without_price
from deployment.prices import Price


def billed(resources: dict[str, Any]) -> list[Billed]:
    return billed_by_time({"stack": {"Resources": resources}})


def one(kind: str, **properties: Any) -> list[tuple[str, float | None]]:
    found = billed({"It": {"Type": kind, "Properties": properties}})
    return [(each.what, each.amount) for each in found]


def service(**more: Any) -> dict[str, Any]:
    return {
        "Task": {
            "Type": "AWS::ECS::TaskDefinition",
            "Properties": {"Cpu": "512", "Memory": "2048"},
        },
        "Service": {
            "Type": "AWS::ECS::Service",
            "Properties": {
                "Cluster": {"Ref": "Cluster"},
                "TaskDefinition": {"Ref": "Task"},
                **more,
            },
        },
    }


def test_a_balancer_of_the_internet_has_an_address_in_each_zone() -> None:
    subnets = ["a", "b"]
    assert [
        amount for _, amount in one("AWS::ElasticLoadBalancingV2::LoadBalancer", Subnets=subnets)
    ] == [1, 2]
    kind = "AWS::ElasticLoadBalancingV2::LoadBalancer"
    assert len(one(kind, Scheme="internal", Subnets=subnets)) == 1


def test_an_interface_endpoint_is_billed_in_each_zone_and_a_gateway_is_not() -> None:
    zones = ["a", "b", "c"]
    kind = "AWS::EC2::VPCEndpoint"
    assert one(kind, VpcEndpointType="Interface", SubnetIds=zones)[0][1] == 3
    assert one(kind, VpcEndpointType="Gateway") == []
    assert one(kind) == []


def test_tasks_of_fargate_are_billed_by_processor_and_memory() -> None:
    found = billed(service(LaunchType="FARGATE", DesiredCount=3))
    assert [each.amount for each in found] == [1.5, 6]
    assert usd_per_month(found) == pytest.approx(730 * (1.5 * 0.04048 + 6 * 0.004445))


def test_a_scaled_service_has_its_least_of_tasks() -> None:
    target = {
        "Type": "AWS::ApplicationAutoScaling::ScalableTarget",
        "Properties": {
            "MinCapacity": 4,
            "ResourceId": {"Fn::Join": ["", ["service/", {"Ref": "Cluster"}]]},
        },
    }
    found = billed({**service(LaunchType="FARGATE"), "Target": target})
    assert [each.amount for each in found] == [2, 8]


def test_a_task_with_a_public_address_pays_for_it() -> None:
    network = {"AwsvpcConfiguration": {"AssignPublicIp": "ENABLED"}}
    found = billed(service(LaunchType="FARGATE", NetworkConfiguration=network))
    assert [each.what for each in found][-1] == "public address of a task"


def machines(instance_type: str, least: str = "0") -> dict[str, Any]:
    return {
        "Template": {
            "Type": "AWS::EC2::LaunchTemplate",
            "Properties": {"LaunchTemplateData": {"InstanceType": instance_type}},
        },
        "Group": {
            "Type": "AWS::AutoScaling::AutoScalingGroup",
            "Properties": {
                "MinSize": least,
                "LaunchTemplate": {"LaunchTemplateId": {"Ref": "Template"}},
            },
        },
    }


def test_a_group_of_machines_has_as_many_as_its_tasks_need() -> None:
    (found,) = billed({**machines("m6i.large"), **service(DesiredCount=5)})
    assert found.amount == 2
    assert found.usd_per_month == pytest.approx(2 * 0.096 * 730)
    (found,) = billed({**machines("m6i.large", "4"), **service(DesiredCount=5)})
    assert found.amount == 4


def test_what_has_no_price_is_told_without_one() -> None:
    found = billed(machines("x9.large", "2"))
    assert [each.usd_per_month for each in found] == [None]
    assert without_price(found) == found
    assert usd_per_month(found) == 0
    assert found[0].price.source.startswith("unverified")


def test_a_type_that_nobody_spoke_of_is_named() -> None:
    resources = {"A": {"Type": "AWS::New::Thing"}, "B": {"Type": "AWS::S3::Bucket"}}
    assert unknown_types({"stack": {"Resources": resources}}) == ["AWS::New::Thing"]


@pytest.mark.parametrize(
    "price",
    [each for each in vars(prices).values() if isinstance(each, Price)]
    + [each.price for each in prices.MACHINES.values()],
    ids=repr,
)
def test_a_price_has_a_source_and_a_date_or_a_reason_why_there_is_none(price: Price) -> None:
    if price.usd is None:
        assert price.source.startswith("unverified: ")
    else:
        assert price.source
        assert price.dated
