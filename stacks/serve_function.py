"""The stack of the gateway as a function: no network, nothing that waits for calls."""

from dataclasses import replace
from typing import Final

from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from lisa.declared.entry_points import Door
from lisa.declared.metrics import calls_metrics
from lisa.declared.parts import Part
from lisa.declared.serve_function import SERVE_FUNCTION
from stacks.constructs.deployment_stack import DeploymentStack
from stacks.constructs.parameters import publish
from stacks.constructs.python_function import PythonFunction

WRAPPER: Final = "/var/task/lambdas/serve/stream"
# What the settings class wants to be told and only a server uses.
OF_SERVERS: Final = {
    "serve_host": "127.0.0.1",
    "serve_port": 0,
    "serve_workers": 1,
    "serve_drain_seconds": 1,
    "serve_idle_seconds": 1,
    "serve_wake_seconds": 1,
    "serve_wake_most": 1,
    "litellm_url": "",
    "litellm_secret": "",
    "waker": "",
}
WHOLE_SECONDS: Final = 29  # what API Gateway waits for an answer as a whole


def function_of(config: DeploymentConfig) -> Door:
    """Return the door as this deployment has it."""
    if config.serve.streaming:
        return SERVE_FUNCTION
    return replace(SERVE_FUNCTION, timeout_seconds=WHOLE_SECONDS)


class ServeFunctionStack(DeploymentStack):
    """One function. The API stack finds it by its door's name, and streams its answers."""

    def __init__(self, scope: Construct, config: DeploymentConfig) -> None:
        super().__init__(scope, config, "serve", "the gateway of all inference, as a function")
        told = {
            **OF_SERVERS,
            "serve_chat": "on" if config.has(Part.CHAT) else "off",
            "serve_metrics": calls_metrics(config.full_name),
            "serve_journal": "/tmp/usage",  # noqa: S108 - the sandbox's own
            "serve_origins": list(config.serve.origins),  # our own pages have the API's origin
            "usage_days": config.serve.usage_days,
        }
        serving = PythonFunction(self, config, function_of(config), told).function
        if config.serve.streaming:
            serving.add_environment("AWS_LAMBDA_EXEC_WRAPPER", WRAPPER)
        publish(self, config, f"door/{SERVE_FUNCTION.name}", serving.function_arn)
