"""Ways from a network to services of AWS that don't lead over the internet."""

from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from deployment.endpoints import Endpoint, needed
from stacks.constructs.parameters import publish
from stacks.constructs.surroundings import HTTPS

S3: Final = "s3"
ENTRY_OF_API: Final = "network/api-endpoint"


def add_endpoints(scope: Construct, config: DeploymentConfig, vpc: ec2.Vpc) -> None:
    """Add the free ones to a network of ours, and where they are wanted those with addresses."""
    wanted = needed(config)
    for each in wanted:
        if each.free:
            _add_route(vpc, each)
    if not config.network.endpoints:
        return
    group = _group(scope, vpc)
    for each in wanted:
        if not each.free:
            _add_address(scope, vpc, group, each)


def add_entry_of_api(scope: Construct, config: DeploymentConfig, vpc: ec2.IVpc) -> None:
    """Add the endpoint of a private API, which those reach who may call the gateway."""
    if not config.api.private or config.api.vpc_endpoints:
        return
    group = ec2.SecurityGroup(
        scope,
        "Group-Api",
        vpc=vpc,
        description="LISA: the private address of the control API",
        allow_all_outbound=False,
    )
    for network in config.serve.callers:
        group.add_ingress_rule(ec2.Peer.ipv4(network), ec2.Port.tcp(HTTPS), "callers")
    made = ec2.InterfaceVpcEndpoint(
        scope,
        "Endpoint-execute-api",
        vpc=vpc,
        service=ec2.InterfaceVpcEndpointAwsService.APIGATEWAY,
        subnets=ec2.SubnetSelection(subnets=private_subnets(vpc)),
        security_groups=[group],
        # In a network of others it would take every other API's name away from them.
        private_dns_enabled=not config.network.vpc_id,
        open=False,
    )
    publish(scope, config, ENTRY_OF_API, made.vpc_endpoint_id)


def private_subnets(vpc: ec2.IVpc) -> list[ec2.ISubnet]:
    """Return the subnets of whatever isn't to be reached from outside."""
    return vpc.private_subnets or vpc.isolated_subnets


def _add_route(vpc: ec2.Vpc, endpoint: Endpoint) -> None:
    made = vpc.add_gateway_endpoint(
        f"Endpoint-{endpoint.service}", service=ec2.GatewayVpcEndpointAwsService(endpoint.service)
    )
    made.add_to_policy(_as_this_account())
    if endpoint.service == S3:
        made.add_to_policy(_layers_of_images(cdk.Stack.of(vpc)))


def _add_address(
    scope: Construct, vpc: ec2.Vpc, group: ec2.SecurityGroup, endpoint: Endpoint
) -> None:
    made = ec2.InterfaceVpcEndpoint(
        scope,
        f"Endpoint-{endpoint.service}",
        vpc=vpc,
        service=ec2.InterfaceVpcEndpointAwsService(endpoint.service),
        subnets=ec2.SubnetSelection(subnets=private_subnets(vpc)),
        security_groups=[group],
        private_dns_enabled=True,
        open=False,
    )
    if endpoint.ours:
        made.add_to_policy(_as_this_account())


def _group(scope: Construct, vpc: ec2.Vpc) -> ec2.SecurityGroup:
    """Let in the private subnets: the groups of models come and go with them."""
    group = ec2.SecurityGroup(
        scope,
        "Group-Endpoints",
        vpc=vpc,
        description="LISA: private addresses of services of AWS",
        allow_all_outbound=False,
    )
    for subnet in private_subnets(vpc):
        group.add_ingress_rule(
            ec2.Peer.ipv4(subnet.ipv4_cidr_block), ec2.Port.tcp(HTTPS), "what runs here"
        )
    return group


def _as_this_account() -> iam.PolicyStatement:
    """Return what keeps credentials of others from carrying data out this way."""
    return iam.PolicyStatement(
        principals=[iam.AnyPrincipal()],
        actions=["*"],
        resources=["*"],
        conditions={"StringEquals": {"aws:PrincipalAccount": cdk.Aws.ACCOUNT_ID}},
    )


def _layers_of_images(stack: cdk.Stack) -> iam.PolicyStatement:
    """Return what lets images be pulled, whose layers lie in buckets of AWS's own."""
    bucket = f"prod-{stack.region}-starport-layer-bucket"
    return iam.PolicyStatement(
        principals=[iam.AnyPrincipal()],
        actions=["s3:GetObject"],
        resources=[f"arn:{stack.partition}:s3:::{bucket}/*"],
    )
