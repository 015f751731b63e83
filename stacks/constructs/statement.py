"""One thing that a role may do, written as briefly as it can be read."""

from collections.abc import Mapping, Sequence

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

ANYTHING = ("*",)


def may(
    sid: str,
    service: str,
    actions: str,
    resources: Sequence[str] = ANYTHING,
    conditions: Mapping[str, object] | None = None,
) -> iam.PolicyStatement:
    """Allow these actions of a service, which are told with blanks between them."""
    return iam.PolicyStatement(
        sid=sid,
        actions=[f"{service}:{action}" for action in actions.split()],
        resources=list(resources),
        conditions=conditions,
    )


def arn(stack: cdk.Stack, service: str, resource: str) -> str:
    """Return an ARN of this account and region; the resource is told with all that follows."""
    return f"arn:{stack.partition}:{service}:{stack.region}:{stack.account}:{resource}"
