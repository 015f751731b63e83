"""The stack of chat sessions: the door that serves them, and the sweep that finishes removals."""

from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from lisa.declared.doors import SESSIONS_DOOR, SWEEP
from stacks.constructs.deployment_stack import DeploymentStack
from stacks.constructs.parameters import publish
from stacks.constructs.python_function import PythonFunction
from stacks.constructs.schedule import on_schedule


class SessionsStack(DeploymentStack):
    """Two functions. The API stack finds the serving one by its door's name."""

    def __init__(self, scope: Construct, config: DeploymentConfig) -> None:
        super().__init__(scope, config, "sessions", "chat sessions")
        serving = PythonFunction(self, config, SESSIONS_DOOR).function
        publish(self, config, f"door/{SESSIONS_DOOR.name}", serving.function_arn)
        on_schedule(self, SWEEP, PythonFunction(self, config, SWEEP).function)
