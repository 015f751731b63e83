"""The stack of knowledge as it is asked for: repositories, documents, search and evaluations."""

from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from lisa.declared.doors import PIPELINES, REPOSITORY
from stacks.constructs.deployment_stack import DeploymentStack
from stacks.constructs.parameters import publish
from stacks.constructs.python_function import PythonFunction
from stacks.constructs.schedule import on_schedule


class RepositoryStack(DeploymentStack):
    """Two functions. The API stack finds the one that is asked, a schedule calls the other."""

    def __init__(self, scope: Construct, config: DeploymentConfig) -> None:
        super().__init__(scope, config, "repository", "repositories and their documents")
        serving = PythonFunction(self, config, REPOSITORY).function
        on_schedule(self, PIPELINES, PythonFunction(self, config, PIPELINES).function)
        publish(self, config, f"door/{REPOSITORY.name}", serving.function_arn)
