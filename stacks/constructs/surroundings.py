"""The network as the stacks in it see it: by the names that its own stack published."""

from dataclasses import dataclass
from typing import Final, Literal

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from stacks.constructs.parameters import look_up

Group = Literal["balancer", "serve", "litellm-balancer", "litellm"]
HTTPS: Final = 443
HTTP: Final = 80
NO_ROUTES: Final = "@aws-cdk/aws-ec2:noSubnetRouteTableId"


def port_of_calls(config: DeploymentConfig) -> int:
    """Return where callers of inference connect."""
    return HTTPS if config.serve.certificate else HTTP


def zones_of(config: DeploymentConfig) -> list[str]:
    """Return the zones of the network; those of one that is made are the region's first."""
    named = config.network.availability_zones
    return [*named] or [
        cdk.Fn.select(number, cdk.Fn.get_azs()) for number in range(config.network.zones)
    ]


def without_routes(vpc: ec2.IVpc) -> ec2.IVpc:
    """Return a network that was there before; nobody need be warned that its routes are unknown."""
    cdk.Annotations.of(vpc).acknowledge_warning(NO_ROUTES, "nothing here adds routes")
    return vpc


@dataclass(frozen=True)
class Surroundings:
    """The network around one stack."""

    scope: Construct
    config: DeploymentConfig

    def vpc(self, *, public: bool = False, named: bool = True) -> ec2.IVpc:
        """Return the network with its private subnets, or with its public ones too.

        Where nothing asks for its own name, it has none: a parameter that goes unused is a fault.
        """
        return without_routes(
            ec2.Vpc.from_vpc_attributes(
                self.scope,
                "Vpc",
                vpc_id=look_up(self.scope, self.config, "network/vpc") if named else "unnamed",
                availability_zones=zones_of(self.config),
                private_subnet_ids=self._subnets("private"),
                public_subnet_ids=self._subnets("public") if public else None,
            )
        )

    def group(self, name: Group) -> ec2.ISecurityGroup:
        """Return a security group, whose rules are made where it is."""
        return ec2.SecurityGroup.from_security_group_id(
            self.scope,
            f"Group-{name}",
            look_up(self.scope, self.config, f"network/group-{name}"),
            mutable=False,
        )

    def _subnets(self, kind: str) -> list[str]:
        return [
            look_up(self.scope, self.config, f"network/{kind}-subnet-{number}")
            for number in range(self.config.network.zone_count)
        ]
