"""The stack of the gateway: a service behind the one balancer that all inference passes."""

from typing import Final

import aws_cdk as cdk
from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from lisa.declared.doors import WAKE
from lisa.declared.metrics import calls_metrics
from lisa.declared.parts import Part
from lisa.declared.services import SERVE
from stacks.constructs.balancer import Balancer, Front
from stacks.constructs.container_service import ContainerService, Place
from stacks.constructs.deployment_stack import DeploymentStack
from stacks.constructs.grants import may_read
from stacks.constructs.knowledge_names import GATEWAY
from stacks.constructs.own_secrets import LITELLM_SECRET
from stacks.constructs.parameters import look_up, publish
from stacks.constructs.statement import may
from stacks.constructs.surroundings import Surroundings
from stacks.constructs.tracing import tell_of_tracing

SHORTER_THAN_THE_BALANCER: Final = 60  # so that who waits for a model hears why it doesn't come
LONGER_THAN_THE_BALANCER: Final = 5  # else it might send a call into a connection that closes


class ServeStack(DeploymentStack):
    """The gateway on Fargate or on instances, with its balancer."""

    def __init__(self, scope: Construct, config: DeploymentConfig) -> None:
        super().__init__(scope, config, "serve", "the gateway of all inference")
        wanted = config.serve
        around = Surroundings(self, config)
        public = wanted.facing == "internet"
        vpc = around.vpc(public=public)
        front = Front(vpc, around.group("balancer"), public, wanted.certificate)
        balancer = Balancer(self, config, SERVE, wanted, front)
        secret = look_up(self, config, LITELLM_SECRET)
        waker = look_up(self, config, f"door/{WAKE.name}")
        told = {
            "serve_host": "0.0.0.0",  # noqa: S104 - its security group lets in the balancer alone
            "serve_port": SERVE.port,
            "serve_workers": wanted.workers,
            "usage_days": wanted.usage_days,
            "serve_origins": self._origins(config),
            "serve_chat": "on" if config.has(Part.CHAT) else "off",
            "serve_metrics": calls_metrics(config.full_name),
            "serve_journal": "/tmp/usage",  # noqa: S108 - the task's own
            "serve_drain_seconds": wanted.drain_seconds,
            "serve_idle_seconds": wanted.idle_seconds + LONGER_THAN_THE_BALANCER,
            "serve_wake_seconds": max(1, wanted.idle_seconds - SHORTER_THAN_THE_BALANCER),
            "serve_wake_most": wanted.wake_most,
            "litellm_url": look_up(self, config, "litellm/url"),
            "litellm_secret": f"secret:{secret}",
            "waker": waker,
        }
        on_instances = wanted.launch == "ec2"
        place = Place(vpc, around.group("serve"), balancer.targets, on_instances)
        service = ContainerService(self, config, SERVE, wanted, place, told)
        service.role.add_to_policy(may_read(secret))
        service.role.add_to_policy(may("WakeModels", "lambda", "InvokeFunction", [waker]))
        tell_of_tracing(service.container, config)
        address = balancer.balancer.load_balancer_dns_name
        publish(self, config, "serve/balancer", address)
        named = f"https://{wanted.domain}" if wanted.domain else f"http://{address}"
        publish(self, config, GATEWAY, named)
        leads = f"where {wanted.domain} must lead to" if wanted.domain else None
        cdk.CfnOutput(self, "InferenceAddress", value=address, description=leads)

    def _origins(self, config: DeploymentConfig) -> list[str]:
        """Return the pages that may call from a browser: those of the configuration, and ours."""
        ours = [look_up(self, config, "api/origin")] if config.web.enabled else []
        return [*config.serve.origins, *ours]
