"""The templates of models: linted, and read for what they allow and what they cost."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from lisa.declared.engines import ENGINES
from lisa.declared.model_stack import Parameter, template_name
from lisa.domain.hosting import EngineName
from stacks.model_templates import synthesised, write
from tests.stacks.resources import listed, of_type, text

MOST_BYTES_OF_A_BODY = 51_200
# What is put into it later: a command with a chat template, an environment, secrets.
MOST_BYTES_OF_A_TEMPLATE = 25_000
RESOURCES_KNOWN_AT_NO_TIME = {
    "cloudwatch:PutMetricData",
    "ecr:GetAuthorizationToken",
    "ecs:DiscoverPollEndpoint",
    "ecs:Poll",
    "ecs:StartTelemetrySession",
}

every_engine = pytest.mark.parametrize("engine", list(EngineName), ids=str)


@pytest.fixture(scope="module")
def models() -> Mapping[EngineName, dict[str, Any]]:
    return synthesised(validate=False)


@pytest.fixture(scope="module")
def vllm(models: Mapping[EngineName, dict[str, Any]]) -> dict[str, Any]:
    return models[EngineName.VLLM]


def only(template: Mapping[str, Any], kind: str) -> dict[str, Any]:
    [found] = of_type(template, kind).values()
    return dict(found["Properties"])


def container_of(template: Mapping[str, Any]) -> dict[str, Any]:
    [container] = only(template, "AWS::ECS::TaskDefinition")["ContainerDefinitions"]
    return dict(container)


def statements_in(value: object) -> list[dict[str, Any]]:
    """Return all statements, whatever conditions they are under."""
    if isinstance(value, list):
        return [each for part in value for each in statements_in(part)]
    if not isinstance(value, dict):
        return []
    if "Action" in value:
        return [value]
    return [each for part in value.values() for each in statements_in(part)]


def test_what_is_written_passes_every_validator_and_leaves_room_for_what_is_put_in(
    tmp_path: Path,
) -> None:
    write(tmp_path)
    files = sorted(tmp_path.iterdir())
    linted = subprocess.run(
        [
            *(Path(sys.executable).with_name("cfn-lint"), "--non-zero-exit-code", "warning", "--"),
            *files,
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert [file.name for file in files] == sorted(template_name(each) for each in EngineName)
    assert linted.returncode == 0, linted.stdout
    assert max(file.stat().st_size for file in files) < MOST_BYTES_OF_A_TEMPLATE
    assert 2 * MOST_BYTES_OF_A_TEMPLATE < MOST_BYTES_OF_A_BODY


@every_engine
def test_a_template_asks_for_exactly_what_is_declared_and_needs_no_bootstrap(
    models: Mapping[EngineName, dict[str, Any]], engine: EngineName
) -> None:
    template = models[engine]

    assert set(template["Parameters"]) == {each.value for each in Parameter}
    assert "Rules" not in template
    assert "arn:aws:" not in json.dumps(template)


@every_engine
def test_a_replica_is_given_its_gpus_and_no_privilege(
    models: Mapping[EngineName, dict[str, Any]], engine: EngineName
) -> None:
    container = container_of(models[engine])

    gpus = {"Type": "GPU", "Value": {"Ref": "Gpus"}}
    assert container["ResourceRequirements"] == {
        "Fn::If": ["HasGpus", [gpus], {"Ref": "AWS::NoValue"}]
    }
    assert container["Privileged"] is False
    assert container["LinuxParameters"]["Capabilities"]["Drop"] == ["ALL"]
    added = container["LinuxParameters"]["Capabilities"].get("Add", [])
    assert added == sorted(ENGINES[engine].privileges)
    assert all(ENGINES[engine].privileges.values())


@every_engine
def test_the_balancer_is_internal_asks_the_engines_own_path_and_calls_the_least_busy(
    models: Mapping[EngineName, dict[str, Any]], engine: EngineName
) -> None:
    template, told = models[engine], ENGINES[engine]
    targets = only(template, "AWS::ElasticLoadBalancingV2::TargetGroup")
    chosen = {each["Key"]: each["Value"] for each in targets["TargetGroupAttributes"]}

    assert only(template, "AWS::ElasticLoadBalancingV2::LoadBalancer")["Scheme"] == "internal"
    assert template["Parameters"]["HealthPath"]["Default"] == told.health
    assert targets["HealthCheckPath"] == {"Ref": "HealthPath"}
    assert targets["Port"] == told.port
    assert container_of(template)["PortMappings"][0]["ContainerPort"] == told.port
    assert chosen["load_balancing.algorithm.type"] == "least_outstanding_requests"


def test_a_machine_has_no_public_address_an_encrypted_disk_and_keeps_its_role(
    vllm: dict[str, Any],
) -> None:
    machine = only(vllm, "AWS::EC2::LaunchTemplate")["LaunchTemplateData"]
    network = only(vllm, "AWS::ECS::Service")["NetworkConfiguration"]["AwsvpcConfiguration"]

    assert machine["NetworkInterfaces"][0]["AssociatePublicIpAddress"] is False
    assert "AssignPublicIp" not in network
    assert machine["BlockDeviceMappings"][0]["Ebs"]["Encrypted"] is True
    assert machine["MetadataOptions"]["HttpTokens"] == "required"
    assert machine["MetadataOptions"]["HttpPutResponseHopLimit"] == 1
    assert "ECS_AWSVPC_BLOCK_IMDS=true" in json.dumps(machine["UserData"])
    assert vllm["Parameters"]["Ami"]["Default"].startswith("/aws/service/ecs/optimized-ami/")


def test_only_the_gateway_gets_in(vllm: dict[str, Any]) -> None:
    groups = of_type(vllm, "AWS::EC2::SecurityGroup")
    ways_in = {
        name: group["Properties"]["SecurityGroupIngress"]
        for name, group in groups.items()
        if "SecurityGroupIngress" in group["Properties"]
    }
    [beside] = of_type(vllm, "AWS::EC2::SecurityGroupIngress").values()

    assert list(ways_in) == ["BalancerGroup"]
    [gateway] = ways_in["BalancerGroup"]
    assert gateway["SourceSecurityGroupId"] == {"Ref": "GatewayGroup"}
    assert "CidrIp" not in gateway
    assert text(beside["Properties"]["SourceSecurityGroupId"]) == "${BalancerGroup.GroupId}"
    assert text(beside["Properties"]["GroupId"]) == "${EngineGroup.GroupId}"


def test_an_engine_reads_its_weights_tells_of_its_queue_and_nothing_else(
    vllm: dict[str, Any],
) -> None:
    role = vllm["Resources"]["TaskRole"]["Properties"]
    allowed = {
        (action, text(statement["Resource"]))
        for statement in statements_in(role["Policies"])
        for action in listed(statement["Action"])
    }
    bucket = "arn:${AWS::Partition}:s3:::${WeightsBucket}"

    assert allowed == {
        ("s3:GetObject", f"{bucket}/${{WeightsPrefix}}/*"),
        ("s3:ListBucket", bucket),
        ("cloudwatch:PutMetricData", "*"),
    }
    queue, weights = role["Policies"]
    [telling] = statements_in(queue)
    namespace = {"Fn::Sub": "LISA/${Deployment}/Models"}
    assert telling["Condition"] == {"StringEquals": {"cloudwatch:namespace": namespace}}
    assert weights["Fn::If"][0] == "HasWeights"


def test_every_role_has_the_deployments_path_and_its_boundary(vllm: dict[str, Any]) -> None:
    for role in of_type(vllm, "AWS::IAM::Role").values():
        properties = role["Properties"]
        assert text(properties["Path"]) == "/${Deployment}/models/"
        assert properties["PermissionsBoundary"]["Fn::If"][:2] == [
            "HasBoundary",
            {"Ref": "Boundary"},
        ]


def test_no_role_may_do_anything_anywhere_but_what_knows_no_resource(vllm: dict[str, Any]) -> None:
    anywhere = {
        action
        for role in of_type(vllm, "AWS::IAM::Role").values()
        for statement in statements_in(role["Properties"]["Policies"])
        for action in listed(statement["Action"])
        if statement["Resource"] == "*"
    }

    assert anywhere == RESOURCES_KNOWN_AT_NO_TIME
    assert "*" not in "".join(
        action
        for role in of_type(vllm, "AWS::IAM::Role").values()
        for statement in statements_in(role["Properties"]["Policies"])
        for action in listed(statement["Action"])
    )
    assert not [
        role
        for role in of_type(vllm, "AWS::IAM::Role").values()
        if "ManagedPolicyArns" in role["Properties"]
    ]


def test_a_stopped_model_has_nothing_that_costs_by_the_hour(vllm: dict[str, Any]) -> None:
    costs = {"Balancer", "Listener", "Targets", "Service", "Limits", "Unwell", "Failing"}

    assert {vllm["Resources"][each]["Condition"] for each in costs} == {"Runs"}
    assert only(vllm, "AWS::AutoScaling::AutoScalingGroup")["MaxSize"] == {
        "Fn::If": ["Runs", {"Ref": "MaxInstances"}, "0"]
    }


def test_machines_follow_the_replicas_and_replicas_the_metric_that_was_chosen(
    vllm: dict[str, Any],
) -> None:
    capacity = only(vllm, "AWS::ECS::CapacityProvider")["AutoScalingGroupProvider"]
    policies = of_type(vllm, "AWS::ApplicationAutoScaling::ScalingPolicy")

    assert capacity["ManagedScaling"]["Status"] == "ENABLED"
    assert capacity["ManagedDraining"] == "ENABLED"
    assert {name: policy["Condition"] for name, policy in policies.items()} == {
        "ByRequests": "FollowsRequests",
        "ByLatency": "FollowsLatency",
        "ByQueue": "FollowsQueue",
    }
    assert "ALBRequestCountPerTarget" in json.dumps(policies["ByRequests"])


def test_the_topic_is_told_of_replicas_that_are_not_well(vllm: dict[str, Any]) -> None:
    for alarm in of_type(vllm, "AWS::CloudWatch::Alarm").values():
        told = alarm["Properties"]["AlarmActions"]["Fn::If"]
        assert told == ["HasTopic", [{"Ref": "Topic"}], {"Ref": "AWS::NoValue"}]
