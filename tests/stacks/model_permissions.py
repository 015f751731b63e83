"""What a door of models may do beside its tables, as its declaration says."""

import json
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from lisa.declared.doors import WORKFLOWS
from lisa.declared.entry_points import Door, OnStacks, Runs, Touching
from lisa.workflows.of_models import MODEL_WORKFLOWS
from tests.stacks.resources import function_of, text

HERE = "${AWS::Region}:${AWS::AccountId}"
AWS = "arn:${AWS::Partition}"
NAMED = "lisa-dev-model-*"
WEIGHTS = "example-weights"  # as in config/full.yaml
SEES = ("cloudformation:DescribeStacks", "cloudformation:DescribeStackEvents")
OBSERVES = ("ecs:ListTasks", "ecs:DescribeTasks", "elasticloadbalancing:DescribeTargetHealth")
SEARCHES = ("ec2:DescribeInstances", "tag:GetResources")
MAKES = ("CreateStack", "UpdateStack", "DeleteStack", "TagResource", "UntagResource")
ADDRESS = (
    "CreateNetworkInterface",
    "DescribeNetworkInterfaces",
    "DescribeSubnets",
    "DeleteNetworkInterface",
    "AssignPrivateIpAddresses",
    "UnassignPrivateIpAddresses",
)


def permissions_of_models(templates: Mapping[str, Any], door: Door) -> Iterator[tuple[str, str]]:
    """Yield action and resource of all that the declaration stands for."""
    if door.runs is Runs.MODELS:
        yield from runs_of(door, MODEL_WORKFLOWS)
    if door.model_stacks:
        yield from _sees(door.model_stacks)
    if OnStacks.MAKE in door.model_stacks:
        yield from _makes(templates)
    if door.in_network:
        yield from ((f"ec2:{action}", "*") for action in ADDRESS)


def runs_of(entry: Touching, workflows: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield what begins runs of these, asks after them and ends them."""
    for name in workflows:
        yield "states:StartExecution", f"{AWS}:states:{HERE}:stateMachine:lisa-dev-{name}"
        begun = f"{AWS}:states:{HERE}:execution:lisa-dev-{name}:*"
        if entry.follows_runs or entry.stops_runs:
            yield "states:DescribeExecution", begun
        if entry.stops_runs:
            yield "states:StopExecution", begun


def _sees(what: Container[OnStacks]) -> Iterator[tuple[str, str]]:
    stacks = f"{AWS}:cloudformation:{HERE}:stack/{NAMED}/*"
    yield from ((action, stacks) for action in SEES)
    if OnStacks.OBSERVE in what:
        yield "cloudformation:DescribeStackResources", stacks
        yield from ((action, "*") for action in OBSERVES)
    if OnStacks.SEARCH in what:
        yield from ((action, "*") for action in SEARCHES)
    if OnStacks.LOGS in what:
        yield "logs:GetLogEvents", f"{AWS}:logs:{HERE}:log-group:{NAMED}"


def _makes(templates: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    site = site_of(templates, WORKFLOWS)
    for action in MAKES:
        yield f"cloudformation:{action}", f"{AWS}:cloudformation:{HERE}:stack/{NAMED}/*"
    yield "iam:PassRole", site["role"]
    images = "parameter/aws/service/ecs/optimized-ami/amazon-linux-2023/*"
    yield "ssm:GetParameters", f"{AWS}:ssm:${{AWS::Region}}::{images}"
    for key in site["templates"].values():
        yield "s3:GetObject", f"{AWS}:s3:::{site['template_bucket']}/{key}"
    yield "s3:ListBucket", f"{AWS}:s3:::{WEIGHTS}"
    yield "s3:GetObject", f"{AWS}:s3:::{WEIGHTS}/*"


def site_of(templates: Mapping[str, Any], door: Door) -> dict[str, Any]:
    """Return what a function is told of where models run."""
    _, function = function_of(templates, door)
    told: dict[str, Any] = json.loads(text(function["Environment"]["Variables"]["LISA_SITE"]))
    return told
