"""One resource of a model's template, as CloudFormation itself writes it.

Not the CDK's typed constructs: given a parameter as a number, they drop what depends on it
without a word, such as the request for GPUs.
"""

from collections.abc import Mapping
from typing import Any

import aws_cdk as cdk

from stacks.constructs.model_parameters import Intrinsic


def add(
    stack: cdk.Stack,
    name: str,
    kind: str,
    properties: Mapping[str, Any],
    condition: str = "",
    after: tuple[str, ...] = (),
) -> None:
    """Add a resource; `condition` says when there is one, `after` what has to be there first."""
    made = cdk.CfnResource(stack, name, type=kind, properties=properties)
    if condition:
        made.add_override("Condition", condition)
    if after:
        made.add_override("DependsOn", list(after))


def of(resource: str, attribute: str) -> Intrinsic:
    """Return an attribute of another resource."""
    return {"Fn::GetAtt": [resource, attribute]}


def sub(text: str) -> Intrinsic:
    """Return a text with `${Name}` in it filled in."""
    return {"Fn::Sub": text}
