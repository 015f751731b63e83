"""The role of an entry point: one that is made, or the one the configuration names."""

from aws_cdk import aws_iam as iam
from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from lisa.declared.entry_points import Door, Service


def role_of(
    scope: Construct, config: DeploymentConfig, entry: Door | Service, principal: str
) -> iam.Role:
    """Return the role, to which statements are added as to any other.

    To one that is there already none are attached: what it has to be allowed is written into
    `iam-policy-report.txt` (and `.json`) beside the templates.
    """
    service = iam.ServicePrincipal(principal)
    arn = config.iam.roles.get(entry.name)
    if not arn:
        return iam.Role(scope, "Role", assumed_by=service)
    alone = Construct(scope, "Role")  # what is said of it counts for all that is in it
    named = {f"{alone.node.path}/Role": arn.partition(":role/")[2]}
    iam.Role.customize_roles(alone, use_precreated_roles=named)
    return iam.Role(alone, "Role", assumed_by=service)
