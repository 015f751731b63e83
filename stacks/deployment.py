"""All stacks of one deployment, and the order in which they come."""

from constructs import Construct

from stacks.api import ApiStack
from stacks.config import DeploymentConfig
from stacks.data import DataStack
from stacks.sessions import SessionsStack


def compose(scope: Construct, config: DeploymentConfig) -> None:
    """Add every stack: data first, then the doors on it, then the API before the doors."""
    data = DataStack(scope, config)
    sessions = SessionsStack(scope, config)
    api = ApiStack(scope, config)
    sessions.add_stack_dependency(data)
    api.add_stack_dependency(data)
    api.add_stack_dependency(sessions)
