"""The stack of the network: made, or the one that is there, and who may reach whom in it."""

from typing import Final

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from lisa.declared.services import LITELLM, SERVE
from stacks.config import DeploymentConfig
from stacks.constructs.deployment_stack import DeploymentStack
from stacks.constructs.parameters import publish
from stacks.constructs.surroundings import Group, port_of_calls, zones_of

LITELLM_CALLS: Final = 80


class NetworkStack(DeploymentStack):
    """A VPC and security groups. Other stacks find them by what is published here."""

    def __init__(self, scope: Construct, config: DeploymentConfig) -> None:
        super().__init__(scope, config, "network", "the network of containers")
        vpc = self._vpc(config)
        publish(self, config, "network/vpc", vpc.vpc_id)
        for kind, subnets in (("private", _private(vpc)), ("public", vpc.public_subnets)):
            for number, subnet in enumerate(subnets):
                publish(self, config, f"network/{kind}-subnet-{number}", subnet.subnet_id)
        for name, group in self._groups(config, vpc).items():
            publish(self, config, f"network/group-{name}", group.security_group_id)

    def _vpc(self, config: DeploymentConfig) -> ec2.IVpc:
        wanted = config.network
        if wanted.vpc_id:
            return ec2.Vpc.from_vpc_attributes(
                self,
                "Vpc",
                vpc_id=wanted.vpc_id,
                availability_zones=list(wanted.availability_zones),
                private_subnet_ids=list(wanted.private_subnets),
                public_subnet_ids=list(wanted.public_subnets) or None,
            )
        kind = ec2.SubnetType
        private = kind.PRIVATE_WITH_EGRESS if wanted.nat_gateways else kind.PRIVATE_ISOLATED
        subnets = [ec2.SubnetConfiguration(name="private", subnet_type=private, cidr_mask=20)]
        if wanted.nat_gateways or config.serve.facing == "internet":
            subnets.append(
                ec2.SubnetConfiguration(
                    name="public",
                    subnet_type=kind.PUBLIC,
                    cidr_mask=24,
                    map_public_ip_on_launch=False,
                )
            )
        return ec2.Vpc(
            self,
            "Vpc",
            ip_addresses=ec2.IpAddresses.cidr(wanted.cidr),
            availability_zones=zones_of(config),
            nat_gateways=wanted.nat_gateways,
            subnet_configuration=subnets,
        )

    def _groups(self, config: DeploymentConfig, vpc: ec2.IVpc) -> dict[Group, ec2.SecurityGroup]:
        """Let callers reach the balancer, it the gateway, and nobody else the LiteLLM service."""
        balancer = self._group(vpc, "Balancer", "LISA: the balancer of all inference")
        serve = self._group(vpc, "Serve", "LISA: the gateway", calls_out=True)
        beside = self._group(vpc, "LiteLLMBalancer", "LISA: the balancer of the LiteLLM service")
        litellm = self._group(vpc, "LiteLLM", "LISA: the LiteLLM service", calls_out=True)
        port = ec2.Port.tcp(port_of_calls(config))
        for network in config.serve.callers:
            balancer.add_ingress_rule(ec2.Peer.ipv4(network), port, "callers")
        if config.has_knowledge:  # what reads documents is in the gateway's group, and calls it
            balancer.add_ingress_rule(serve, port, "readers of documents")
        _allow(balancer, serve, SERVE.port)
        serve_calls = ec2.Port.tcp(LITELLM_CALLS)
        beside.add_ingress_rule(serve, serve_calls, "the gateway")
        _allow(beside, litellm, LITELLM.port)
        return {
            "balancer": balancer,
            "serve": serve,
            "litellm-balancer": beside,
            "litellm": litellm,
        }

    def _group(
        self, vpc: ec2.IVpc, name: str, description: str, *, calls_out: bool = False
    ) -> ec2.SecurityGroup:
        return ec2.SecurityGroup(
            self,
            f"Group-{name}",
            vpc=vpc,
            description=description,
            allow_all_outbound=calls_out,
        )


def _private(vpc: ec2.IVpc) -> list[ec2.ISubnet]:
    return vpc.private_subnets or vpc.isolated_subnets


def _allow(caller: ec2.SecurityGroup, called: ec2.SecurityGroup, port: int) -> None:
    caller.add_egress_rule(called, ec2.Port.tcp(port))
    called.add_ingress_rule(caller, ec2.Port.tcp(port))
