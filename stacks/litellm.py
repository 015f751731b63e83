"""The stack of the LiteLLM service: a cluster of its own on EC2, which the gateway alone calls."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from deployment.config.services import LiteLLMConfig
from lisa.declared.services import LITELLM
from stacks.constructs.balancer import Balancer, Front
from stacks.constructs.container_service import ContainerService, Place
from stacks.constructs.deployment_stack import DeploymentStack
from stacks.constructs.grants import may_read
from stacks.constructs.own_secrets import LITELLM_SECRET
from stacks.constructs.parameters import look_up, publish
from stacks.constructs.surroundings import Surroundings


class LiteLLMStack(DeploymentStack):
    """The gateway finds its address by what is published here."""

    def __init__(self, scope: Construct, config: DeploymentConfig) -> None:
        super().__init__(scope, config, "litellm", "the LiteLLM service")
        around = Surroundings(self, config)
        vpc = around.vpc()
        front = Front(vpc, around.group("litellm-balancer"))
        balancer = Balancer(self, config, LITELLM, config.litellm, front)
        secret = look_up(self, config, LITELLM_SECRET)
        told = {
            "litellm_host": "0.0.0.0",  # noqa: S104 - its security group lets in the balancer alone
            "litellm_port": LITELLM.port,
            "litellm_socket": "",
            "litellm_secret": f"secret:{secret}",
        }
        place = Place(vpc, around.group("litellm"), balancer.targets, on_instances=True)
        service = ContainerService(self, config, LITELLM, config.litellm, place, told)
        for statement in (may_read(secret), *_models(self, config.litellm)):
            service.role.add_to_policy(statement)
        address = balancer.balancer.load_balancer_dns_name
        publish(self, config, "litellm/url", f"http://{address}")


def _models(stack: cdk.Stack, wanted: LiteLLMConfig) -> list[iam.PolicyStatement]:
    """Let it call the models of the account that the configuration lists, and no others."""
    bedrock = [
        name
        if name.startswith("arn:")
        else stack.format_arn(
            service="bedrock", account="", resource="foundation-model", resource_name=name
        )
        for name in wanted.bedrock_models
    ]
    endpoints = [
        stack.format_arn(service="sagemaker", resource="endpoint", resource_name=name)
        for name in wanted.sagemaker_endpoints
    ]
    both = (("bedrock", "InvokeModel", bedrock), ("sagemaker", "InvokeEndpoint", endpoints))
    return [
        iam.PolicyStatement(
            sid=f"Call{service.capitalize()}",
            actions=[f"{service}:{action}", f"{service}:{action}WithResponseStream"],
            resources=resources,
        )
        for service, action, resources in both
        if resources
    ]
