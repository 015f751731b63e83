"""All stacks of one deployment, and the order in which they come."""

from constructs import Construct

from stacks.admin import AdminStack
from stacks.api import ApiStack
from stacks.config import DeploymentConfig
from stacks.data import DataStack
from stacks.sessions import SessionsStack


def compose(scope: Construct, config: DeploymentConfig) -> None:
    """Add every stack: data first, then the doors on it, then the API before the doors."""
    data = DataStack(scope, config)
    api = ApiStack(scope, config)
    api.add_stack_dependency(data)
    for doors in (SessionsStack(scope, config), AdminStack(scope, config)):
        doors.add_stack_dependency(data)
        api.add_stack_dependency(doors)
