"""Every permission on all resources of a kind, or on everything: who has it, and why."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from lisa.declared.doors import DOORS
from lisa.declared.entry_points import Access, Door, OnStacks
from lisa.declared.serve_function import SERVE_FUNCTION
from lisa.declared.services import SERVICES
from lisa.workflows.of_models import MODEL_WORKFLOWS
from lisa.workflows.of_stores import STORE_WORKFLOWS
from stacks.constructs.encryption import ADMINISTERS, USES
from stacks.constructs.grants import ADDRESS_ACTIONS
from stacks.constructs.model_maker import LOOKS

# The stacks of doors that aren't called like them.
PLACED: Final = {
    "authorizer": "api",
    "sweep": "sessions",
    "workflows": "lifecycle",
    "watch": "lifecycle",
    "wake": "lifecycle",
    "pipelines": "repository",
    "rotate": "data",
}
THIS_KEY: Final = "in the policy of a key it means this key; conditions say through what"
LOOKS_ONLY: Final = "it changes nothing, and knows no resource"
BY_LAMBDA: Final = "Lambda does it as this role and wants it for all; the code itself may not"
TRACES: Final = "X-Ray knows no resource"
DELIVERS: Final = "the delivery of a machine's log knows no resource; Step Functions asks for it"
BY_ITS_OWN_POLICY: Final = "ids of collections aren't known before; each says itself who asks it"
LOGIN: Final = "a login to registries knows no resource; what is pulled is named"
AGENT: Final = "it knows no resource; the cluster is a condition where the action takes one"
MARKED: Final = (
    "nobody foretells the id; it must bear the deployment's mark, or is given it when made"
)
UNNAMED: Final = "nobody foretells the id, and no mark is asked"
AT_MOST: Final = "it is a boundary: each role's own policy says what it gets of that"


class Wide(NamedTuple):
    """A permission: the stack and role that has it, or the key whose policy says it."""

    stack: str
    role: str
    actions: tuple[str, ...]
    reason: str


def wide_grants() -> Iterator[Wide]:
    """Yield all there are in a deployment that has everything."""
    yield Wide("data", "Key", _of("kms", f"{ADMINISTERS} {USES} CreateGrant"), THIS_KEY)
    yield from _of_doors()
    for service in SERVICES:
        if service.asks_stores:
            role = f"Service{service.name}Role"
            yield Wide(service.name, role, ("aoss:APIAccessAll",), BY_ITS_OWN_POLICY)
        starts = f"Service{service.name}TaskExecutionRole"
        yield Wide(service.name, starts, ("ecr:GetAuthorizationToken",), LOGIN)
    for stack in ("serve", "litellm"):
        yield Wide(stack, f"Service{stack}FleetInstanceRole", ON_MACHINES, AGENT)
    yield from _of_workflows("lifecycle", MODEL_WORKFLOWS)
    yield from _of_workflows("stores", STORE_WORKFLOWS)
    yield from _of_model_maker()
    yield from _of_store_maker()
    yield from _of_models()


def _of(service: str, actions: str) -> tuple[str, ...]:
    return tuple(f"{service}:{action}" for action in actions.split())


ON_MACHINES: Final = _of("ecs", "DiscoverPollEndpoint Poll StartTelemetrySession")


def _of_doors() -> Iterator[Wide]:
    for door in DOORS:
        yield from _of_door(door)


def wide_grants_of_function() -> Iterator[Wide]:
    """Yield those of the gateway as a function, where a deployment has that instead."""
    yield from _of_door(SERVE_FUNCTION)


def _of_door(door: Door) -> Iterator[Wide]:
    stack, role = PLACED.get(door.name, door.name), f"Door{door.name}Role"
    yield Wide(stack, role, _of("xray", "PutTraceSegments PutTelemetryRecords"), TRACES)
    if door.in_network:
        yield Wide(stack, role, ADDRESS_ACTIONS, BY_LAMBDA)
    if door.asks_stores:
        yield Wide(stack, role, ("aoss:APIAccessAll",), BY_ITS_OWN_POLICY)
    if OnStacks.OBSERVE in door.model_stacks:
        seen = _of("ecs", "ListTasks DescribeTasks")
        yield Wide(stack, role, seen, "the cluster is a condition")
        yield Wide(stack, role, ("elasticloadbalancing:DescribeTargetHealth",), LOOKS_ONLY)
    if OnStacks.SEARCH in door.model_stacks:
        yield Wide(stack, role, ("ec2:DescribeInstances",), LOOKS_ONLY)
    if OnStacks.SEARCH in door.model_stacks or door.store_stacks is Access.WRITE:
        yield Wide(stack, role, ("tag:GetResources",), LOOKS_ONLY)


def _of_workflows(stack: str, names: Iterable[str]) -> Iterator[Wide]:
    traces = "PutTraceSegments PutTelemetryRecords GetSamplingRules GetSamplingTargets"
    delivers = (
        "CreateLogDelivery GetLogDelivery UpdateLogDelivery DeleteLogDelivery ListLogDeliveries "
        "PutResourcePolicy DescribeResourcePolicies DescribeLogGroups"
    )
    for name in names:
        role = f"Workflow{name.replace('_', '')}Role"
        yield Wide(stack, role, _of("xray", traces), TRACES)
        yield Wide(stack, role, _of("logs", delivers), DELIVERS)


ON_GROUPS: Final = _of(
    "ec2",
    "CreateSecurityGroup AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress "
    "RevokeSecurityGroupIngress RevokeSecurityGroupEgress DeleteSecurityGroup CreateTags "
    "DeleteTags",
)


def _of_model_maker() -> Iterator[Wide]:
    maker = ("lifecycle", "MakerRole")
    for service, actions in LOOKS.items():
        yield Wide(*maker, _of(service, actions), LOOKS_ONLY)
    templates = (
        "CreateLaunchTemplate CreateLaunchTemplateVersion ModifyLaunchTemplate DeleteLaunchTemplate"
    )
    yield Wide(*maker, ON_GROUPS, MARKED)
    yield Wide(*maker, _of("ec2", templates), MARKED)
    started = "machines have no name before they start; they do by our launch templates alone"
    yield Wide(*maker, ("ec2:RunInstances",), started)
    balancing = (
        "CreateLoadBalancer CreateTargetGroup CreateListener AddTags RemoveTags "
        "ModifyLoadBalancerAttributes SetSecurityGroups SetSubnets SetIpAddressType "
        "DeleteLoadBalancer ModifyTargetGroup ModifyTargetGroupAttributes DeleteTargetGroup "
        "ModifyListener ModifyListenerAttributes DeleteListener"
    )
    yield Wide(*maker, _of("elasticloadbalancing", balancing), MARKED)
    scaling = (
        "RegisterScalableTarget DeregisterScalableTarget PutScalingPolicy DeleteScalingPolicy "
        "PutScheduledAction DeleteScheduledAction TagResource UntagResource ListTagsForResource"
    )
    yield Wide(*maker, _of("application-autoscaling", scaling), f"{UNNAMED}; of ECS alone")
    by_no_name = "CreateCapacityProvider DescribeTaskDefinition DeregisterTaskDefinition"
    yield Wide(*maker, _of("ecs", by_no_name), "these know no resource")


def _of_store_maker() -> Iterator[Wide]:
    maker = ("stores", "MakerRole")
    yield Wide(*maker, ON_GROUPS, MARKED)
    databases = (
        "DescribeDBInstances DescribeDBClusters DescribeDBSubnetGroups DescribeDBParameterGroups "
        "DescribeDBParameters DescribeDBClusterParameterGroups DescribeDBClusterParameters "
        "DescribeEngineDefaultParameters DescribeEngineDefaultClusterParameters "
        "DescribeDBEngineVersions"
    )
    network = (
        "DescribeSecurityGroups DescribeSubnets DescribeVpcs DescribeVpcAttribute "
        "DescribeAvailabilityZones DescribeNetworkInterfaces DescribeAccountAttributes"
    )
    yield Wide(*maker, _of("rds", databases), LOOKS_ONLY)
    yield Wide(*maker, _of("ec2", network), LOOKS_ONLY)
    yield Wide(*maker, ("secretsmanager:GetRandomPassword",), LOOKS_ONLY)
    yield Wide(*maker, _of("aoss", "DeleteCollection UpdateCollection"), MARKED)
    named = (
        "CreateCollection CreateSecurityPolicy UpdateSecurityPolicy DeleteSecurityPolicy "
        "CreateAccessPolicy UpdateAccessPolicy DeleteAccessPolicy"
    )
    yield Wide(*maker, _of("aoss", named), "the collection's name is a condition")
    by_no_name = (
        "BatchGetCollection ListCollections TagResource UntagResource ListTagsForResource "
        "GetSecurityPolicy ListSecurityPolicies GetAccessPolicy ListAccessPolicies"
    )
    yield Wide(*maker, _of("aoss", by_no_name), "policies know no resource, collections only an id")


def _of_models() -> Iterator[Wide]:
    """Yield what the roles of a model have, and what none of them gets beyond."""
    pulls = "GetAuthorizationToken BatchGetImage GetDownloadUrlForLayer BatchCheckLayerAvailability"
    boundary = ("lifecycle", "BoundaryPolicy")
    yield Wide(*boundary, _of("ecr", pulls), AT_MOST)
    yield Wide(*boundary, _of("s3", "GetObject ListBucket"), AT_MOST)
    yield Wide(*boundary, ("cloudwatch:PutMetricData", "ecs:DiscoverPollEndpoint"), AT_MOST)
    metrics = "metrics know no resource; the namespace is a condition"
    yield Wide("model", "TaskRole", ("cloudwatch:PutMetricData",), metrics)
    yield Wide("model", "StartRole", ("ecr:GetAuthorizationToken",), LOGIN)
    yield Wide("model", "InstanceRole", ON_MACHINES, AGENT)
