"""Who is granted what, in every way a template can say it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tests.stacks.resources import listed, text

HASH = re.compile(r"[0-9A-F]{8}$")
POLICY = re.compile(r"(DefaultPolicy|OverflowPolicy\d+)$")
PSEUDO = re.compile(r"\$\{AWS::(\w+)\}")
WHOLE_KIND = re.compile(r"([a-z-]+[/:](app/)?)?\*([/:]\*)?")


class Grant(NamedTuple):
    """One statement, and who has it."""

    stack: str
    holder: str
    statement: Mapping[str, Any]

    def actions(self) -> list[str]:
        return listed(self.statement["Action"])

    def is_wide(self) -> bool:
        """Tell whether it is for all resources of a kind, or for everything."""
        return any(_is_wide(text(each)) for each in listed(self.statement.get("Resource", [])))


def grants_of(templates: Mapping[str, Any]) -> Iterator[Grant]:
    """Yield what is allowed. Policies of endpoints only take away from what others allow."""
    for stack, template in templates.items():
        for name, resource in template["Resources"].items():
            if resource["Type"] == "AWS::EC2::VPCEndpoint":
                continue
            for document in _documents(resource):
                for statement in map(_given, document["Statement"]):
                    if statement["Effect"] == "Allow":
                        yield Grant(stack, holder_of(name), statement)


def _is_wide(resource: str) -> bool:
    parts = PSEUDO.sub(r"\1", resource).split(":", 5)
    if len(parts) > 1 and parts[2] == "s3":
        return parts[5].startswith("*")
    return bool(WHOLE_KIND.fullmatch(parts[-1]))


def _documents(resource: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    properties = resource.get("Properties", {})
    for field in ("PolicyDocument", "KeyPolicy", "AccessPolicies", "AccessPolicy", "Policy"):
        if isinstance(found := properties.get(field), Mapping) and "Statement" in found:
            yield found
    if resource["Type"] == "AWS::IAM::Role":
        for policy in listed(properties.get("Policies", [])):
            yield _given(policy)["PolicyDocument"]


def _given(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what is there if its condition holds."""
    while "Fn::If" in value:
        value = value["Fn::If"][1]
    return value


def holder_of(logical_id: str) -> str:
    """Return the role, or whatever else the policy is of, as its construct is called."""
    return POLICY.sub("", HASH.sub("", logical_id))
