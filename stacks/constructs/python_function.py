"""A door as a Lambda function: all defaults in one place, everything else from its declaration."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from lisa.declared.entry_points import Door
from stacks.constructs.asking_roles import tell_stores_of
from stacks.constructs.bundle import code_of
from stacks.constructs.certificates import IN_FUNCTION, trusting
from stacks.constructs.entry_role import role_of
from stacks.constructs.environment import environment_of, resource_names
from stacks.constructs.grants import in_network, own_logs, statements_for
from stacks.constructs.retention import log_of
from stacks.constructs.sources import module_of
from stacks.constructs.surroundings import Surroundings

RUNTIME: Final = lambda_.Runtime.PYTHON_3_13


class PythonFunction(Construct):
    """A function with its own role and its own log group."""

    def __init__(
        self,
        scope: Construct,
        config: DeploymentConfig,
        door: Door,
        told: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(scope, f"Door-{door.name}")
        names = {**resource_names(self, config, door), **(told or {})}
        role = role_of(self, config, door, "lambda.amazonaws.com")
        log_group = log_of(self, config)
        for statement in self._statements(config, door, names, log_group):
            role.add_to_policy(statement)
        tell_stores_of(self, config, door, role)
        self.function = lambda_.Function(
            self,
            "Function",
            # The API's deployed stage has noted the ARN: it must outlive a replacement.
            function_name=config.stack_name(door.name),
            description=f"LISA {config.name}/{config.stage}: the door {door.name!r}",
            code=code_of(self, config.artifacts, door),
            handler=f"{module_of(door)}.handle",
            runtime=RUNTIME,
            architecture=lambda_.Architecture.X86_64,
            memory_size=door.memory_mb,
            timeout=cdk.Duration.seconds(door.timeout_seconds),
            ephemeral_storage_size=cdk.Size.mebibytes(door.disk_mb),
            environment={
                **environment_of(self, door, config, names),
                **trusting(config.artifacts, IN_FUNCTION),
            },
            role=role,
            log_group=log_group,
            tracing=lambda_.Tracing.ACTIVE if config.observability.tracing else None,
            **(self._network(config) if door.in_network else {}),
        )

    def _statements(
        self,
        config: DeploymentConfig,
        door: Door,
        names: Mapping[str, object],
        log_group: logs.LogGroup,
    ) -> Iterator[iam.PolicyStatement]:
        yield from statements_for(self, door, names)
        yield own_logs(log_group)
        if door.in_network:
            yield from in_network(self, config.stack_name(door.name))

    def _network(self, config: DeploymentConfig) -> dict[str, Any]:
        """Put it where the gateway is: it may call what the gateway may."""
        around = Surroundings(self, config)
        vpc = around.vpc(named=False)
        return {
            "vpc": vpc,
            "vpc_subnets": ec2.SubnetSelection(subnets=vpc.private_subnets),
            "security_groups": [around.group("serve")],
        }
