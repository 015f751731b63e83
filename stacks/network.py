"""The stack of the network: made, or the one that is there, and who may reach whom in it."""

from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from lisa.declared.services import LITELLM, SERVE
from stacks.constructs.deployment_stack import DeploymentStack
from stacks.constructs.parameters import publish
from stacks.constructs.private_endpoints import (
    add_endpoints,
    add_entry_of_api,
    private_subnets,
)
from stacks.constructs.retention import log_of
from stacks.constructs.surroundings import Group, port_of_calls, without_routes, zones_of

LITELLM_CALLS: Final = 80
NO_WAY_OUT: Final = (
    "containers reach nothing outside the network, not even what they are made of: set "
    "network.endpoints, or give it nat_gateways"
)
GROUPS: Final[dict[Group, tuple[str, str]]] = {
    "balancer": ("Balancer", "LISA: the balancer of all inference"),
    "serve": ("Serve", "LISA: the gateway"),
    "litellm-balancer": ("LiteLLMBalancer", "LISA: the balancer of the LiteLLM service"),
    "litellm": ("LiteLLM", "LISA: the LiteLLM service"),
}
CALL_OUT: Final[tuple[Group, ...]] = ("serve", "litellm")


class NetworkStack(DeploymentStack):
    """A VPC and security groups. Other stacks find them by what is published here."""

    def __init__(self, scope: Construct, config: DeploymentConfig) -> None:
        super().__init__(scope, config, "network", "the network of containers")
        vpc = self._existing(config) if config.network.vpc_id else self._made(config)
        publish(self, config, "network/vpc", vpc.vpc_id)
        for kind, subnets in (("private", private_subnets(vpc)), ("public", vpc.public_subnets)):
            for number, subnet in enumerate(subnets):
                publish(self, config, f"network/{kind}-subnet-{number}", subnet.subnet_id)
        groups = {name: self._group(config, vpc, name) for name in GROUPS}
        _let_in(config, groups)
        for name, group in groups.items():
            publish(self, config, f"network/group-{name}", group.security_group_id)
        add_entry_of_api(self, config, vpc)

    def _existing(self, config: DeploymentConfig) -> ec2.IVpc:
        there = config.network
        return without_routes(
            ec2.Vpc.from_vpc_attributes(
                self,
                "Vpc",
                vpc_id=there.vpc_id,
                availability_zones=list(there.availability_zones),
                private_subnet_ids=list(there.private_subnets),
                public_subnet_ids=list(there.public_subnets) or None,
            )
        )

    def _made(self, config: DeploymentConfig) -> ec2.Vpc:
        wanted = config.network
        vpc = ec2.Vpc(
            self,
            "Vpc",
            ip_addresses=ec2.IpAddresses.cidr(wanted.cidr),
            availability_zones=zones_of(config),
            nat_gateways=wanted.nat_gateways,
            subnet_configuration=_subnets(config),
            # Nothing of ours is in it. Closing it would take a function of the CDK's with a managed
            # policy over all logs, and a log that is kept for ever.
            restrict_default_security_group=False,
        )
        add_endpoints(self, config, vpc)
        if wanted.flow_logs:
            self._log_flows(config, vpc)
        if not (wanted.nat_gateways or wanted.endpoints):
            cdk.Annotations.of(self).add_warning_v2("lisa:no-way-out", NO_WAY_OUT)
        return vpc

    def _log_flows(self, config: DeploymentConfig, vpc: ec2.Vpc) -> None:
        log = log_of(self, config, "Flows")
        vpc.add_flow_log("FlowLog", destination=ec2.FlowLogDestination.to_cloud_watch_logs(log))

    def _group(self, config: DeploymentConfig, vpc: ec2.IVpc, name: Group) -> ec2.ISecurityGroup:
        """Return the group that the configuration names, to which no rule is added, or make it."""
        construct, description = GROUPS[name]
        if there := config.network.security_groups.get(name):
            return ec2.SecurityGroup.from_security_group_id(
                self, f"Group-{construct}", there, mutable=False
            )
        return ec2.SecurityGroup(
            self,
            f"Group-{construct}",
            vpc=vpc,
            description=description,
            allow_all_outbound=name in CALL_OUT,
        )


def _subnets(config: DeploymentConfig) -> list[ec2.SubnetConfiguration]:
    kind, nat_gateways = ec2.SubnetType, config.network.nat_gateways
    private = kind.PRIVATE_WITH_EGRESS if nat_gateways else kind.PRIVATE_ISOLATED
    subnets = [ec2.SubnetConfiguration(name="private", subnet_type=private, cidr_mask=20)]
    if nat_gateways or config.serve.facing == "internet":
        subnets.append(
            ec2.SubnetConfiguration(
                name="public", subnet_type=kind.PUBLIC, cidr_mask=24, map_public_ip_on_launch=False
            )
        )
    return subnets


def _let_in(config: DeploymentConfig, groups: dict[Group, ec2.ISecurityGroup]) -> None:
    """Let callers reach the balancer, it the gateway, and nobody else the LiteLLM service."""
    port = ec2.Port.tcp(port_of_calls(config))
    balancer, serve = groups["balancer"], groups["serve"]
    for network in config.serve.callers:
        balancer.add_ingress_rule(ec2.Peer.ipv4(network), port, "callers")
    if config.has_knowledge:  # what reads documents is in the gateway's group, and calls it
        balancer.add_ingress_rule(serve, port, "readers of documents")
    _allow(balancer, serve, SERVE.port)
    beside = groups["litellm-balancer"]
    beside.add_ingress_rule(serve, ec2.Port.tcp(LITELLM_CALLS), "the gateway")
    _allow(beside, groups["litellm"], LITELLM.port)


def _allow(caller: ec2.ISecurityGroup, called: ec2.ISecurityGroup, port: int) -> None:
    caller.add_egress_rule(called, ec2.Port.tcp(port))
    called.add_ingress_rule(caller, ec2.Port.tcp(port))
