"""The stack of chat sessions: the door that serves them, and the sweep that finishes removals."""

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from lisa.declared.doors import SESSIONS_DOOR, SWEEP, Door
from stacks.config import DeploymentConfig
from stacks.constructs.deployment_stack import DeploymentStack
from stacks.constructs.parameters import publish
from stacks.constructs.python_function import PythonFunction


class SessionsStack(DeploymentStack):
    """Two functions. The API stack finds the serving one by its door's name."""

    def __init__(self, scope: Construct, config: DeploymentConfig) -> None:
        super().__init__(scope, config, "sessions", "chat sessions")
        serving = PythonFunction(self, config, SESSIONS_DOOR).function
        publish(self, config, f"door/{SESSIONS_DOOR.name}", serving.function_arn)
        self._on_schedule(config, SWEEP)

    def _on_schedule(self, config: DeploymentConfig, door: Door) -> None:
        # No retries: the next run takes up whatever this one left.
        called = PythonFunction(self, config, door).function
        events.Rule(
            self,
            f"Schedule-{door.name}",
            schedule=events.Schedule.rate(cdk.Duration.minutes(door.every_minutes)),
            targets=[targets.LambdaFunction(called, retry_attempts=0)],
        )
