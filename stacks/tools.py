"""The stack of tool servers: which there are, whose they are and what each person made of them."""

from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from lisa.declared.doors import TOOLS
from stacks.constructs.deployment_stack import DeploymentStack
from stacks.constructs.parameters import publish
from stacks.constructs.python_function import PythonFunction


class ToolsStack(DeploymentStack):
    """One function. The API stack finds it by its door's name."""

    def __init__(self, scope: Construct, config: DeploymentConfig) -> None:
        super().__init__(scope, config, "tools", "tools")
        serving = PythonFunction(self, config, TOOLS).function
        publish(self, config, f"door/{TOOLS.name}", serving.function_arn)
