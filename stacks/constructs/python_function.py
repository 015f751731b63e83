"""A door as a Lambda function: all defaults in one place, everything else from its declaration."""

from collections.abc import Mapping
from typing import Any, Final

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from lisa.declared.entry_points import Door
from stacks.config import DeploymentConfig
from stacks.constructs.asking_roles import tell_stores_of
from stacks.constructs.bundle import code_of
from stacks.constructs.environment import environment_of, resource_names
from stacks.constructs.grants import in_network, own_logs, statements_for
from stacks.constructs.retention import days_of
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
        log_group = logs.LogGroup(
            self,
            "Logs",
            retention=days_of(config),
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        role = self._role(door, names, log_group)
        tell_stores_of(self, config, door, role)
        self.function = lambda_.Function(
            self,
            "Function",
            # The API's deployed stage has noted the ARN: it must outlive a replacement.
            function_name=config.stack_name(door.name),
            description=f"LISA {config.name}/{config.stage}: the door {door.name!r}",
            code=code_of(self, door),
            handler=f"{module_of(door)}.handle",
            runtime=RUNTIME,
            architecture=lambda_.Architecture.X86_64,
            memory_size=door.memory_mb,
            timeout=cdk.Duration.seconds(door.timeout_seconds),
            ephemeral_storage_size=cdk.Size.mebibytes(door.disk_mb),
            environment=environment_of(self, door, config, names),
            role=role,
            log_group=log_group,
            **(self._network(config) if door.in_network else {}),
        )

    def _role(self, door: Door, names: Mapping[str, object], log_group: logs.LogGroup) -> iam.Role:
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        for statement in (*statements_for(self, door, names), own_logs(log_group)):
            role.add_to_policy(statement)
        if door.in_network:
            role.add_to_policy(in_network())
        return role

    def _network(self, config: DeploymentConfig) -> dict[str, Any]:
        """Put it where the gateway is: it may call what the gateway may."""
        around = Surroundings(self, config)
        vpc = around.vpc(named=False)
        return {
            "vpc": vpc,
            "vpc_subnets": ec2.SubnetSelection(subnets=vpc.private_subnets),
            "security_groups": [around.group("serve")],
        }
