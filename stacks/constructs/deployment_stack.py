"""What all stacks of a deployment share: their name, region and tags."""

import aws_cdk as cdk
from constructs import Construct

from stacks.config import DeploymentConfig


class DeploymentStack(cdk.Stack):
    """One part of a deployment."""

    def __init__(
        self, scope: Construct, config: DeploymentConfig, part: str, description: str
    ) -> None:
        super().__init__(
            scope,
            config.stack_name(part),
            description=f"LISA: {description}",
            env=cdk.Environment(region=config.region),
        )
        for key, value in config.tags.items():
            cdk.Tags.of(self).add(key, value)
