"""All stacks of one deployment, and the order in which they come."""

from constructs import Construct

from stacks.admin import AdminStack
from stacks.api import ApiStack
from stacks.config import DeploymentConfig
from stacks.constructs.deployment_stack import DeploymentStack
from stacks.data import DataStack
from stacks.identity import IdentityStack
from stacks.sessions import SessionsStack


def compose(scope: Construct, config: DeploymentConfig) -> None:
    """Add every stack: data and identity first, then the doors, then the API before the doors."""
    first: list[DeploymentStack] = [DataStack(scope, config)]
    if config.has_user_pool:
        first.append(IdentityStack(scope, config))
    api = ApiStack(scope, config)
    doors = (SessionsStack(scope, config), AdminStack(scope, config))
    for stack in (api, *doors):
        for needed in first:
            stack.add_stack_dependency(needed)
    for door in doors:
        api.add_stack_dependency(door)
