"""The stack of administration: tokens, configuration, preferences and the audit."""

from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from lisa.declared.doors import ADMIN
from stacks.constructs.deployment_stack import DeploymentStack
from stacks.constructs.parameters import publish
from stacks.constructs.python_function import PythonFunction


class AdminStack(DeploymentStack):
    """One function. The API stack finds it by its door's name."""

    def __init__(self, scope: Construct, config: DeploymentConfig) -> None:
        super().__init__(scope, config, "admin", "administration")
        serving = PythonFunction(self, config, ADMIN).function
        publish(self, config, f"door/{ADMIN.name}", serving.function_arn)
