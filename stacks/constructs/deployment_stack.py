"""What all stacks of a deployment share: their name, where they go, and what bounds their roles."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from deployment.config.deployment import DeploymentConfig


class DeploymentStack(cdk.Stack):
    """One part of a deployment."""

    def __init__(
        self, scope: Construct, config: DeploymentConfig, part: str, description: str
    ) -> None:
        super().__init__(
            scope,
            config.stack_name(part),
            description=f"LISA: {description}",
            env=cdk.Environment(account=config.account or None, region=config.region),
            synthesizer=cdk.DefaultStackSynthesizer(qualifier=config.bootstrap.qualifier or None),
        )
        for key, value in config.tags.items():
            cdk.Tags.of(self).add(key, value)
        if arn := config.iam.permissions_boundary:
            # Every role of the stack, those that the CDK itself adds included.
            boundary = iam.ManagedPolicy.from_managed_policy_arn(self, "RolesAtMost", arn)
            iam.PermissionsBoundary.of(self).apply(boundary)

    @property
    def availability_zones(self) -> list[str]:
        """Return none: the CDK would ask the account for them; networks here bring their own."""
        return []
