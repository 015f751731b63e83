"""What doors may do to models that we run: to the runs of their workflows, and to their stacks."""

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from lisa.declared.entry_points import OnStacks, Touching
from lisa.declared.model_stack import stacks_of
from stacks.constructs.statement import arn, may


def on_runs(door: Touching, machines: Iterable[str]) -> Iterator[iam.PolicyStatement]:
    """Yield what begins runs, asks after them and stops them, which asks before."""
    machines = list(machines)
    begun = [f"{each.replace(':stateMachine:', ':execution:')}:*" for each in machines]
    yield may("BeginRuns", "states", "StartExecution", machines)
    if door.follows_runs or door.stops_runs:
        yield may("FollowRuns", "states", "DescribeExecution", begun)
    if door.stops_runs:
        yield may("StopRuns", "states", "StopExecution", begun)


def on_model_stacks(
    stack: cdk.Stack, what: Container[OnStacks], site: Mapping[str, Any]
) -> Iterator[iam.PolicyStatement]:
    """Yield what sees models' stacks, and where it is asked for, what makes and removes them."""
    named = f"{stacks_of(site['deployment'])}*"
    stacks = [arn(stack, "cloudformation", f"stack/{named}/*")]
    looks = "DescribeStacks DescribeStackEvents"
    yield may("SeeStacks", "cloudformation", looks, stacks)
    if OnStacks.OBSERVE in what:
        yield may("SeeParts", "cloudformation", "DescribeStackResources", stacks)
        of_models = {"ArnLike": {"ecs:cluster": arn(stack, "ecs", f"cluster/{named}")}}
        yield may("SeeTasks", "ecs", "ListTasks DescribeTasks", conditions=of_models)
        # It knows no resource, nor do those of a search.
        yield may("SeeTargets", "elasticloadbalancing", "DescribeTargetHealth")
    if OnStacks.SEARCH in what:
        yield may("SeeMachines", "ec2", "DescribeInstances")
        yield may("SeeMarks", "tag", "GetResources")
    if OnStacks.LOGS in what:
        logs = arn(stack, "logs", f"log-group:{named}")
        yield may("ReadLogs", "logs", "GetLogEvents", [logs])
    if OnStacks.MAKE in what:
        yield from _makes(stack, stacks, site)


def _makes(
    stack: cdk.Stack, stacks: list[str], site: Mapping[str, Any]
) -> Iterator[iam.PolicyStatement]:
    """Yield what makes stacks, as that role alone."""
    as_role = {"StringEquals": {"cloudformation:RoleArn": site["role"]}}
    actions = "CreateStack UpdateStack DeleteStack"
    yield may("MakeStacks", "cloudformation", actions, stacks, as_role)
    yield may("TagStacks", "cloudformation", "TagResource UntagResource", stacks)
    to_cloudformation = {"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}}
    yield may("PassRole", "iam", "PassRole", [site["role"]], to_cloudformation)
    yield may("SeeImages", "ssm", "GetParameters", [machine_images(stack)])
    bucket = f"arn:{stack.partition}:s3:::{site['template_bucket']}"
    keys = [f"{bucket}/{key}" for key in site["templates"].values()]
    yield may("ReadTemplates", "s3", "GetObject", keys)


def on_weights(stack: cdk.Stack, buckets: Iterable[str]) -> Iterator[iam.PolicyStatement]:
    """Yield what looks into weights in these buckets."""
    arns = [f"arn:{stack.partition}:s3:::{bucket}" for bucket in buckets]
    if arns:
        yield may("ListWeights", "s3", "ListBucket", arns)
        yield may("ReadWeights", "s3", "GetObject", [f"{each}/*" for each in arns])


def machine_images(stack: cdk.Stack) -> str:
    """Return the parameters by which AWS tells its newest machine images."""
    public = "parameter/aws/service/ecs/optimized-ami/amazon-linux-2023/*"
    return f"arn:{stack.partition}:ssm:{stack.region}::{public}"
