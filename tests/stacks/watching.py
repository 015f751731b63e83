"""What alarms look at, by the names that the stacks of what is watched have for it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from tests.stacks.resources import of_type, text

Templates: TypeAlias = Mapping[str, Any]
# By which name of theirs metrics know them; others are known by a name that we chose.
KNOWN_BY = {
    "AWS::DynamoDB::Table": "${%s}",
    "AWS::ECS::Cluster": "${%s}",
    "AWS::ECS::Service": "${%s.Name}",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "${%s.LoadBalancerFullName}",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "${%s.TargetGroupFullName}",
    "AWS::SQS::Queue": "${%s.QueueName}",
}


def alarms_in(templates: Templates) -> list[dict[str, Any]]:
    found = of_type(templates["observability"], "AWS::CloudWatch::Alarm")
    return [each["Properties"] for each in found.values()]


def looked_at(templates: Templates) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each metric that an alarm looks at, and of what, by the names of the stacks' own."""
    known = published(templates)
    for alarm in alarms_in(templates):
        for each in alarm.get("Metrics", [{"MetricStat": {"Metric": alarm}}]):
            if "MetricStat" in each:
                metric = each["MetricStat"]["Metric"]
                where = {of["Name"]: filled(of["Value"], known) for of in metric["Dimensions"]}
                yield metric["MetricName"], where
            elif query := re.match(
                r"SELECT SUM\((\w+)\)", asked := filled(each["Expression"], known)
            ):
                for table in re.findall(r"TableName = '([^']+)'", asked):
                    yield query[1], {"TableName": table}


def published(templates: Templates) -> dict[str, str]:
    """Return what other stacks published, by the parameters of the one that watches."""
    told = {
        each["Properties"]["Name"]: f"{part} {text(each['Properties']['Value'])}"
        for part, template in templates.items()
        for each in of_type(template, "AWS::SSM::Parameter").values()
    }
    asked = templates["observability"]["Parameters"]
    return {name: told[each["Default"]] for name, each in asked.items() if each["Default"] in told}


def filled(value: Any, known: Mapping[str, str]) -> str:
    return re.sub(r"\$\{(\w+)\}", lambda found: known.get(found[1], found[0]), text(value))


def names_in(templates: Templates, kind: str) -> Iterator[str]:
    """Yield what metrics call everything of a type, apart from what the CDK made for itself."""
    for part, template in templates.items():
        for name, resource in of_type(template, kind).items():
            if part != "web":
                yield f"{part} {KNOWN_BY[kind] % name}" if kind in KNOWN_BY else name_of(resource)


def name_of(resource: Mapping[str, Any]) -> str:
    properties = resource["Properties"]
    return str(properties.get("FunctionName") or properties.get("StateMachineName"))
