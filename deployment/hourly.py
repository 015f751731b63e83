"""Finds in templates what is billed for the time that it is there, used or not."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeAlias

from deployment import prices
from deployment.not_by_time import NOT_BY_TIME
from deployment.prices import MACHINES, UNKNOWN_MACHINE, Price

Template: TypeAlias = Mapping[str, Any]
Properties: TypeAlias = Mapping[str, Any]
PER_PROCESSOR: Final = 1024  # units of a task
PER_GIB: Final = 1024  # MiB of a task


@dataclass(frozen=True)
class Billed:
    """`amount` of something that a resource is billed for; None where a template can't tell."""

    stack: str
    resource: str
    what: str
    amount: float | None
    price: Price

    @property
    def usd_per_month(self) -> float | None:
        """Return what it costs in a month of 730 hours, as far as it is known."""
        if self.amount is None or self.price.usd_per_month is None:
            return None
        return self.amount * self.price.usd_per_month


class Part(NamedTuple):
    """One of the things that a resource is billed for."""

    what: str
    amount: float | None
    price: Price


def billed_by_time(templates: Mapping[str, Template]) -> list[Billed]:
    """List what the resources of these templates (by their stack's name) are billed for."""
    return [
        Billed(stack, name, *part)
        for stack, template in sorted(templates.items())
        for name, resource in sorted(template.get("Resources", {}).items())
        for part in _parts(resource, template)
    ]


def usd_per_month(billed: Sequence[Billed]) -> float:
    """Return what all of it costs whose price is known."""
    return sum(each.usd_per_month or 0.0 for each in billed)


def without_price(billed: Sequence[Billed]) -> list[Billed]:
    """Return that whose price or amount isn't known."""
    return [each for each in billed if each.usd_per_month is None]


def unknown_types(templates: Mapping[str, Template]) -> list[str]:
    """List the types of resources of which nobody said whether they are billed by time."""
    types = {
        each["Type"]
        for template in templates.values()
        for each in template.get("Resources", {}).values()
    }
    known = {*BILLED, *NOT_BY_TIME}
    return sorted(each for each in types if each not in known and not each.startswith("Custom::"))


def _parts(resource: Mapping[str, Any], template: Template) -> Iterator[Part]:
    found = BILLED.get(resource["Type"])
    if found:
        yield from found(resource.get("Properties", {}), template)


def _always(what: str, price: Price) -> Callable[[Properties, Template], Iterator[Part]]:
    def parts(_: Properties, __: Template) -> Iterator[Part]:
        yield Part(what, 1, price)

    return parts


def _balancer(properties: Properties, _: Template) -> Iterator[Part]:
    yield Part("load balancer, without its capacity units", 1, prices.BALANCER)
    if properties.get("Scheme", "internet-facing") == "internet-facing":
        zones = _length(properties.get("Subnets", properties.get("SubnetMappings")))
        yield Part("public address of a load balancer", zones, prices.PUBLIC_ADDRESS)


def _endpoint(properties: Properties, _: Template) -> Iterator[Part]:
    if properties.get("VpcEndpointType", "Gateway") == "Interface":
        zones = _length(properties.get("SubnetIds"))
        yield Part("interface endpoint, one in each zone", zones, prices.ENDPOINT)


def _service(properties: Properties, template: Template) -> Iterator[Part]:
    """Tell what tasks of Fargate take; those on machines are paid with the machines."""
    if properties.get("LaunchType") != "FARGATE":
        return
    tasks = _tasks_of(properties, template)
    cpu, memory = _size_of(properties, template)
    yield Part("processors of Fargate tasks", _times(tasks, cpu), prices.FARGATE_VCPU)
    yield Part("GiB of memory of Fargate tasks", _times(tasks, memory), prices.FARGATE_GIB)
    ways = properties.get("NetworkConfiguration", {}).get("AwsvpcConfiguration", {})
    if ways.get("AssignPublicIp") == "ENABLED":
        yield Part("public address of a task", tasks, prices.PUBLIC_ADDRESS)


def _machines(properties: Properties, template: Template) -> Iterator[Part]:
    """Tell of the machines of a group: its least, and no fewer than its tasks need."""
    name = _machine_type(properties, template)
    machine = MACHINES.get(name)
    least = _number(properties.get("DesiredCapacity", properties.get("MinSize")))
    needed = max((_needed(each, template, name) for each in _on_machines(template)), default=0)
    amount = None if least is None else max(least, needed)
    price = machine.price if machine else UNKNOWN_MACHINE
    yield Part(f"machine of type {name}, at least", amount, price)


def _needed(service: Properties, template: Template, machine_type: str) -> int:
    machine = MACHINES.get(machine_type)
    tasks = _tasks_of(service, template)
    cpu, memory = _size_of(service, template)
    if machine is None or tasks is None or cpu is None or memory is None:
        return 1
    return math.ceil(max(tasks * cpu / machine.vcpus, tasks * memory / machine.memory_gib))


def _function(properties: Properties, _: Template) -> Iterator[Part]:
    kept_warm = properties.get("ProvisionedConcurrencyConfig")
    if kept_warm:
        amount = _number(kept_warm.get("ProvisionedConcurrentExecutions"))
        yield Part("function kept warm", amount, prices.PROVISIONED)


def _cache(properties: Properties, _: Template) -> Iterator[Part]:
    if properties.get("CacheClusterEnabled"):
        yield Part("cache of an API", 1, prices.CACHE)


def _cluster(properties: Properties, _: Template) -> Iterator[Part]:
    scaling = properties.get("ServerlessV2ScalingConfiguration")
    if scaling:
        least = _number(scaling.get("MinCapacity"))
        yield Part("capacity unit of Aurora, at least", least, prices.AURORA_UNIT)


def _alarm(properties: Properties, _: Template) -> Iterator[Part]:
    looked_at = [each for each in properties.get("Metrics", ()) if "MetricStat" in each]
    yield Part("metric that an alarm looks at", len(looked_at) or 1, prices.ALARM)


def _tasks_of(service: Properties, template: Template) -> float | None:
    """Return how many tasks there are at least: what scales a service has the last word."""
    if "DesiredCount" in service:
        return _number(service["DesiredCount"])
    for target in _of_type(template, "AWS::ApplicationAutoScaling::ScalableTarget"):
        if _refers(target.get("ResourceId"), _cluster_of(service)):
            return _number(target.get("MinCapacity"))
    return 1


def _cluster_of(service: Properties) -> str:
    cluster = service.get("Cluster")
    return str(cluster.get("Ref", "")) if isinstance(cluster, dict) else ""


def _size_of(service: Properties, template: Template) -> tuple[float | None, float | None]:
    """Return the processors and the GiB of one task."""
    task = _properties_of(service.get("TaskDefinition"), template)
    return (
        _times(_number(task.get("Cpu")), 1 / PER_PROCESSOR),
        _times(_number(task.get("Memory")), 1 / PER_GIB),
    )


def _machine_type(group: Properties, template: Template) -> str:
    found = group.get("LaunchTemplate", {}).get("LaunchTemplateId")
    data = _properties_of(found, template).get("LaunchTemplateData", {})
    return str(data.get("InstanceType", "unknown"))


def _on_machines(template: Template) -> Iterator[Properties]:
    for service in _of_type(template, "AWS::ECS::Service"):
        if service.get("LaunchType") != "FARGATE":
            yield service


def _of_type(template: Template, kind: str) -> Iterator[Properties]:
    for each in template.get("Resources", {}).values():
        if each["Type"] == kind:
            yield each.get("Properties", {})


def _properties_of(reference: object, template: Template) -> Properties:
    name = reference.get("Ref") if isinstance(reference, dict) else None
    found: Properties = template.get("Resources", {}).get(name, {}).get("Properties", {})
    return found


def _refers(value: object, name: str) -> bool:
    return bool(name) and f"'{name}'" in repr(value)


def _length(value: object) -> float | None:
    return len(value) if isinstance(value, list) else None


def _number(value: object) -> float | None:
    try:
        return float(value)  # type: ignore[arg-type] # what is no number is refused right here
    except (TypeError, ValueError):
        return None


def _times(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one * other


def _domain(properties: Properties, _: Template) -> Iterator[Part]:
    count = _number(properties.get("ClusterConfig", {}).get("InstanceCount", 1))
    yield Part("machine of OpenSearch, without its disk", count, prices.DOMAIN)


def _collection(_: Properties, __: Template) -> Iterator[Part]:
    """Tell of units that are shared by all collections of a key: how many, no template knows."""
    yield Part("compute unit of OpenSearch Serverless", None, prices.SEARCH_UNIT)


BILLED: Final[Mapping[str, Callable[[Properties, Template], Iterator[Part]]]] = {
    "AWS::ApiGateway::Stage": _cache,
    "AWS::AutoScaling::AutoScalingGroup": _machines,
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::CloudWatch::CompositeAlarm": _always("alarm of alarms", prices.unverified("not read")),
    "AWS::CloudWatch::Dashboard": _always("dashboard", prices.DASHBOARD),
    "AWS::EC2::EIP": _always("public address", prices.PUBLIC_ADDRESS),
    "AWS::EC2::NatGateway": _always("NAT gateway, without what goes through", prices.NAT_GATEWAY),
    "AWS::EC2::VPCEndpoint": _endpoint,
    "AWS::ECS::Service": _service,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": _balancer,
    "AWS::KMS::Key": _always("key", prices.KEY),
    "AWS::Lambda::Alias": _function,
    "AWS::Lambda::Version": _function,
    "AWS::OpenSearchService::Domain": _domain,
    "AWS::OpenSearchServerless::Collection": _collection,
    "AWS::RDS::DBCluster": _cluster,
    "AWS::RDS::DBInstance": _always("machine of a database", prices.DATABASE),
    "AWS::SecretsManager::Secret": _always("secret", prices.SECRET),
    "AWS::WAFv2::WebACL": _always("web ACL, without its rules", prices.FIREWALL),
}
