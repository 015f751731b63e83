"""What makes, watches and wakes models: who may become what, and what they are told."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import aws_cdk as cdk

from deployment.config.deployment import DeploymentConfig
from lisa.declared.doors import MODELS_DOOR, WAKE, WATCH, WORKFLOWS
from lisa.declared.model_stack import Site
from lisa.declared.services import SERVE
from lisa.domain.hosting import EngineName
from lisa.workflows.of_models import MODEL_WORKFLOWS
from stacks.constructs.model_grants import on_weights
from tests.stacks.model_permissions import site_of
from tests.stacks.resources import function_of, listed, of_type, statements_of, text

ROLES = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/lisa-dev/models/*"


def maker_of(templates: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    [(name, role)] = [
        (name, each["Properties"])
        for name, each in of_type(templates["lifecycle"], "AWS::IAM::Role").items()
        if name.startswith("Maker")
    ]
    return name, role


def statements_of_maker(templates: Mapping[str, Any], action: str) -> list[dict[str, Any]]:
    statements = statements_of(templates["lifecycle"], maker_of(templates)[0])
    return [each for each in statements if action in listed(each["Action"])]


def test_each_workflow_has_a_machine_that_the_doors_know(templates: Mapping[str, Any]) -> None:
    made = of_type(templates["lifecycle"], "AWS::StepFunctions::StateMachine").values()
    names = {each["Properties"]["StateMachineName"] for each in made}

    assert names == {f"lisa-dev-{name}" for name in MODEL_WORKFLOWS}
    for door in (MODELS_DOOR, WATCH, WAKE):
        _, function = function_of(templates, door)
        told = json.loads(text(function["Environment"]["Variables"]["LISA_MACHINES"]))
        assert {arn.rsplit(":", 1)[-1] for arn in told.values()} == names


def test_who_does_the_steps_knows_a_whole_site_and_who_looks_only_its_name(
    templates: Mapping[str, Any],
) -> None:
    whole = Site.model_validate(site_of(templates, WORKFLOWS))

    assert set(whole.templates) == set(EngineName)
    assert whole.role
    assert whole.boundary
    assert len(whole.subnets) == 2
    assert (
        site_of(templates, WATCH) == site_of(templates, MODELS_DOOR) == {"deployment": "lisa-dev"}
    )


def test_steps_are_done_where_the_gateway_is(templates: Mapping[str, Any]) -> None:
    _, function = function_of(templates, WORKFLOWS)

    groups = function["VpcConfig"]["SecurityGroupIds"]
    assert [text(each) for each in groups] == [site_of(templates, WORKFLOWS)["gateway_group"]]
    assert "VpcConfig" not in function_of(templates, WATCH)[1]


def test_only_cloudformation_becomes_the_maker_and_only_the_door_of_steps_passes_it(
    templates: Mapping[str, Any],
) -> None:
    name, role = maker_of(templates)
    [trust] = role["AssumeRolePolicyDocument"]["Statement"]
    template, function = function_of(templates, WORKFLOWS)
    passing = {
        text(statement["Resource"]): statement["Condition"]
        for statement in statements_of(template, function["Role"]["Fn::GetAtt"][0])
        if "iam:PassRole" in listed(statement["Action"])
    }

    assert trust["Principal"] == {"Service": "cloudformation.amazonaws.com"}
    to_cloudformation = {"iam:PassedToService": "cloudformation.amazonaws.com"}
    assert passing == {f"${{{name}.Arn}}": {"StringEquals": to_cloudformation}}


def test_stacks_are_made_as_the_maker_only(templates: Mapping[str, Any]) -> None:
    template, function = function_of(templates, WORKFLOWS)
    [making] = [
        statement
        for statement in statements_of(template, function["Role"]["Fn::GetAtt"][0])
        if "cloudformation:CreateStack" in listed(statement["Action"])
    ]

    role = making["Condition"]["StringEquals"]["cloudformation:RoleArn"]
    assert text(role) == f"${{{maker_of(templates)[0]}.Arn}}"


def test_the_maker_makes_roles_in_one_path_within_the_boundary_and_passes_no_others(
    templates: Mapping[str, Any],
) -> None:
    policies = of_type(templates["lifecycle"], "AWS::IAM::ManagedPolicy")
    [boundary] = [name for name in policies if name.startswith("Boundary")]
    for action in ("iam:CreateRole", "iam:PutRolePolicy"):
        [making] = statements_of_maker(templates, action)
        assert text(making["Resource"]) == ROLES
        assert making["Condition"] == {
            "StringEquals": {"iam:PermissionsBoundary": {"Ref": boundary}}
        }
    [passing] = statements_of_maker(templates, "iam:PassRole")
    assert text(passing["Resource"]) == ROLES
    assert passing["Condition"]["StringEquals"]["iam:PassedToService"] == [
        "ecs-tasks.amazonaws.com",
        "ec2.amazonaws.com",
    ]


def test_the_maker_removes_no_balancer_and_no_group_without_the_deployments_mark(
    templates: Mapping[str, Any],
) -> None:
    for action in ("elasticloadbalancing:DeleteLoadBalancer", "ec2:DeleteSecurityGroup"):
        [removing] = statements_of_maker(templates, action)
        marked = {"aws:ResourceTag/lisa:deployment": "lisa-dev"}
        assert removing["Condition"] == {"StringEquals": marked}


def test_the_maker_can_make_and_remove_each_kind_of_resource_of_a_models_template(
    templates: Mapping[str, Any],
) -> None:
    statements = statements_of(templates["lifecycle"], maker_of(templates)[0])
    actions = {action for each in statements for action in listed(each["Action"])}

    assert actions >= {
        *("iam:CreateRole", "iam:DeleteRole", "iam:DeleteInstanceProfile"),
        *("ecs:CreateCluster", "ecs:CreateCapacityProvider", "ecs:DeleteCapacityProvider"),
        *("ecs:RegisterTaskDefinition", "ecs:DeregisterTaskDefinition", "ecs:DeleteService"),
        *("autoscaling:CreateAutoScalingGroup", "autoscaling:DeleteAutoScalingGroup"),
        *("ec2:CreateLaunchTemplate", "ec2:DeleteLaunchTemplate", "ec2:RunInstances"),
        *("ec2:AuthorizeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"),
        *("elasticloadbalancing:CreateListener", "elasticloadbalancing:DeleteTargetGroup"),
        *("application-autoscaling:PutScalingPolicy", "logs:DeleteLogGroup"),
        "application-autoscaling:PutScheduledAction",
        "application-autoscaling:DeleteScheduledAction",
        "application-autoscaling:DescribeScheduledActions",
        *("cloudwatch:PutMetricAlarm", "cloudwatch:DeleteAlarms"),
    }


def test_no_weights_are_read_unless_their_bucket_is_named() -> None:
    stack = cdk.Stack(cdk.App(), "stack")

    [listing, reading] = on_weights(stack, ["one", "two"])
    assert (listing.actions, reading.actions) == (["s3:ListBucket"], ["s3:GetObject"])
    assert [arn.rpartition(":")[2] for arn in listing.resources] == ["one", "two"]
    assert [arn.rpartition(":")[2] for arn in reading.resources] == ["one/*", "two/*"]
    assert not list(on_weights(stack, ()))


def test_the_gateway_may_call_the_function_that_wakes_and_no_other(
    templates: Mapping[str, Any],
) -> None:
    serve = templates["serve"]
    calling = [
        (text(statement["Resource"]), statement["Action"])
        for policy in of_type(serve, "AWS::IAM::Policy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if any("lambda" in action for action in listed(statement["Action"]))
    ]
    [container] = [
        container
        for task in of_type(serve, "AWS::ECS::TaskDefinition").values()
        for container in task["Properties"]["ContainerDefinitions"]
        if container["Name"] == SERVE.name
    ]
    told = {each["Name"]: each["Value"] for each in container["Environment"]}

    assert calling == [(text(told["LISA_WAKER"]), "lambda:InvokeFunction")]
    parameter = serve["Parameters"][told["LISA_WAKER"]["Ref"]]
    assert parameter["Default"] == "/lisa/dev/door/wake"


def test_whoever_wants_a_model_woken_asks_again_by_itself(templates: Mapping[str, Any]) -> None:
    [invoking] = of_type(templates["lifecycle"], "AWS::Lambda::EventInvokeConfig").values()
    assert invoking["Properties"]["MaximumRetryAttempts"] == 0


def test_models_are_looked_after_every_minute(templates: Mapping[str, Any]) -> None:
    [rule] = of_type(templates["lifecycle"], "AWS::Events::Rule").values()
    assert rule["Properties"]["ScheduleExpression"] == "rate(1 minute)"


def test_without_a_gateway_no_models_run(
    synthesise: Callable[[DeploymentConfig], dict[str, Any]],
) -> None:
    templates = synthesise(DeploymentConfig())
    variables = function_of(templates, MODELS_DOOR)[1]["Environment"]["Variables"]

    assert "lifecycle" not in templates
    assert (variables["LISA_MACHINES"], variables["LISA_SITE"]) == ("{}", "null")
