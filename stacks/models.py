"""The stack of models: what there is to call, and where it answers."""

from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from lisa.declared.doors import MODELS_DOOR
from stacks.constructs.deployment_stack import DeploymentStack
from stacks.constructs.parameters import publish
from stacks.constructs.python_function import PythonFunction


class ModelsStack(DeploymentStack):
    """One function. The API stack finds it by its door's name."""

    def __init__(self, scope: Construct, config: DeploymentConfig) -> None:
        super().__init__(scope, config, "models", "models")
        serving = PythonFunction(self, config, MODELS_DOOR).function
        publish(self, config, f"door/{MODELS_DOOR.name}", serving.function_arn)
