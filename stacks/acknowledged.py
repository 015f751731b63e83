"""Every finding of the validators that we live with: where it is, what it risks, and why we do."""

from dataclasses import dataclass
from typing import Final

import aws_cdk as cdk
from constructs import Construct

from stacks.config import DeploymentConfig

NAG: Final = "AwsSolutions::AwsSolutions-"


@dataclass(frozen=True)
class Acknowledged:
    """One finding; it covers the resource and what belongs to it, nothing else."""

    stack: str
    resource: str
    rule: str
    risk: str
    reason: str


OLDER_RUNTIME: Final = (
    "a newer Python would be supported for longer",
    "it is a supported runtime, and the one that every locked wheel is chosen and tested for",
)
ANY_OBJECT: Final = (
    "the function reaches every object of the content bucket",
    "objects have the names of their owners; the function decides who sees which",
)
ALL: Final = (
    Acknowledged("api", "Door-authorizer/Function", f"{NAG}L1", *OLDER_RUNTIME),
    Acknowledged("admin", "Door-admin/Function", f"{NAG}L1", *OLDER_RUNTIME),
    Acknowledged("sessions", "Door-sessions/Function", f"{NAG}L1", *OLDER_RUNTIME),
    Acknowledged("sessions", "Door-sweep/Function", f"{NAG}L1", *OLDER_RUNTIME),
    Acknowledged(
        "sessions",
        "Door-sessions/Role",
        f"{NAG}IAM5[Resource::arn:<AWS::Partition>:s3:::<BucketContent>/*]",
        *ANY_OBJECT,
    ),
    Acknowledged(
        "sessions",
        "Door-sweep/Role",
        f"{NAG}IAM5[Resource::arn:<AWS::Partition>:s3:::<BucketContent>/*]",
        *ANY_OBJECT,
    ),
    Acknowledged(
        "api",
        "Api/CloudWatchRole",
        f"{NAG}IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/"
        "AmazonAPIGatewayPushToCloudWatchLogs]",
        "AWS may widen the managed policy",
        "it is the one that API Gateway's documentation asks for; only API Gateway assumes it",
    ),
    Acknowledged(
        "api",
        "Api",
        f"{NAG}APIG2",
        "malformed requests reach the functions",
        "the product validates every request itself, the same in all profiles",
    ),
    Acknowledged(
        "api",
        "Api/Default",
        f"{NAG}COG4",
        "a mistake in our authorizer opens the API",
        "API tokens are not Cognito's; every method has our authorizer, every door asks again",
    ),
    Acknowledged(
        "api",
        "Api/DeploymentStage.api",
        f"{NAG}APIG3",
        "known attack patterns reach the authorizer",
        "which web ACL to attach is the operating team's choice; throttling is on",
    ),
)


OF_USER_POOL: Final = (
    Acknowledged(
        "identity",
        "UserPool",
        f"{NAG}COG2",
        "a stolen password is enough for whoever has set no second factor",
        "`identity.cognito.mfa` makes it required; the first sign-in of a trial needs no telephone",
    ),
    Acknowledged(
        "identity",
        "UserPool",
        f"{NAG}COG8",
        "passwords known to be stolen and risky sign-ins are let in",
        "it costs for each user; `identity.cognito.threat_protection` chooses that plan",
    ),
)


def acknowledge_all(scope: Construct, config: DeploymentConfig) -> None:
    """Acknowledge each finding at its resource; one whose resource is gone is a mistake."""
    for finding in (*ALL, *(OF_USER_POOL if config.has_user_pool else ())):
        resource = scope.node.find_child(config.stack_name(finding.stack))
        for step in finding.resource.split("/"):
            resource = resource.node.find_child(step)
        cdk.Validations.of(resource).acknowledge(
            cdk.Acknowledgment(
                id=finding.rule, reason=f"Risk: {finding.risk}. Reason: {finding.reason}."
            )
        )
