"""The roles of those who ask stores, told to whoever makes stores that let them in."""

from aws_cdk import aws_iam as iam
from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from lisa.declared.entry_points import Door, Service
from stacks.constructs.parameters import publish
from stacks.constructs.store_callers import caller_name


def tell_stores_of(
    scope: Construct, config: DeploymentConfig, entry: Door | Service, role: iam.Role
) -> None:
    """Publish the role, if it asks stores."""
    if entry.asks_stores and config.has_knowledge:
        publish(scope, config, caller_name(entry), role.role_arn)
