"""Whether whoever asks may deploy, and CloudFormation may make what is deployed."""

from collections.abc import Iterator, Sequence
from typing import Final

from deployment.preflight.check import Check, Situation, fail, ok, unknown

ASSUMED: Final = "assumed-role"
ROLES: Final = ("deploy-role", "file-publishing-role", "image-publishing-role", "lookup-role")
READ: Final = (
    "cloudformation:DescribeStacks",
    "cloudformation:DescribeStackEvents",
    "cloudformation:GetTemplate",
    "cloudformation:ListStackResources",
    "ssm:GetParameter",
)
# One of each kind: whoever may do these is rarely refused the rest.
MADE: Final = (
    "apigateway:POST",
    "application-autoscaling:RegisterScalableTarget",
    "autoscaling:CreateAutoScalingGroup",
    "cognito-idp:CreateUserPool",
    "dynamodb:CreateTable",
    "ec2:CreateSecurityGroup",
    "ec2:CreateVpc",
    "ecs:CreateService",
    "elasticloadbalancing:CreateLoadBalancer",
    "events:PutRule",
    "iam:CreateRole",
    "iam:PassRole",
    "iam:PutRolePolicy",
    "lambda:CreateFunction",
    "logs:CreateLogGroup",
    "s3:CreateBucket",
    "secretsmanager:CreateSecret",
    "sqs:CreateQueue",
    "ssm:PutParameter",
    "states:CreateStateMachine",
)


def caller_may_deploy(situation: Situation) -> Iterator[Check]:
    """Ask IAM whether the caller may read stacks, and take the roles of the bootstrap."""
    name = "permissions"
    who = _principal(situation)
    if who is None:
        yield unknown(name, f"{situation.caller} is no user or role that IAM can simulate")
        return
    account = f"arn:{situation.partition}:iam::{situation.number}"
    tail = f"{situation.number}-{situation.region}"
    roles = [f"{account}:role/cdk-{situation.qualifier}-{each}-{tail}" for each in ROLES]
    denied = [each for each, _ in _denied(situation, who, READ, ["*"])]
    denied += [f"{action} of {role}" for action, role in _assuming(situation, who, roles)]
    if denied:
        yield fail(
            name,
            f"{who} may not: {', '.join(denied)}",
            "let that role read stacks, and let it take the roles of the bootstrap "
            "(docs/operations/deploy.md has the policy)",
        )
    else:
        yield ok(name, f"{who} may read stacks and take the roles of the bootstrap")


def cloudformation_may_make(situation: Situation) -> Iterator[Check]:
    """Ask IAM whether the role that CloudFormation takes on may make what is deployed."""
    name = "permissions of CloudFormation"
    role = (
        f"arn:{situation.partition}:iam::{situation.number}:role/"
        f"cdk-{situation.qualifier}-cfn-exec-role-{situation.number}-{situation.region}"
    )
    denied = [each for each, _ in _denied(situation, role, MADE, ["*"])]
    if denied:
        yield fail(
            name,
            f"{role} may not: {', '.join(denied)}",
            "bootstrap again with --cloudformation-execution-policies that has them",
        )
    else:
        yield ok(name, f"{role} may make each kind of resource")


def _principal(situation: Situation) -> str | None:
    """Return the user, or the role behind a session, whose path only IAM knows."""
    kind, _, rest = situation.caller.split(":", 5)[-1].partition("/")
    if kind == "user":
        return situation.caller
    if kind != ASSUMED:
        return None
    told = situation.account.ask("iam", "get_role", RoleName=rest.split("/")[0])
    return str(told["Role"]["Arn"])


def _assuming(situation: Situation, who: str, roles: Sequence[str]) -> list[tuple[str, str]]:
    return [*_denied(situation, who, ["sts:AssumeRole"], roles)]


def _denied(
    situation: Situation, who: str, actions: Sequence[str], resources: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Yield what is denied, with the resource. A simulation sees no policy of a resource."""
    told = situation.account.every(
        "iam",
        "simulate_principal_policy",
        "EvaluationResults",
        PolicySourceArn=who,
        ActionNames=[*actions],
        ResourceArns=[*resources],
    )
    for each in told:
        if each["EvalDecision"] != "allowed":
            yield each["EvalActionName"], each.get("EvalResourceName", "*")
