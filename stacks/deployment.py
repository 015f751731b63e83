"""All stacks of one deployment, and the order in which they come."""

from collections.abc import Sequence

from constructs import Construct

from stacks.admin import AdminStack
from stacks.api import ApiStack
from stacks.config import DeploymentConfig
from stacks.constructs.deployment_stack import DeploymentStack
from stacks.data import DataStack
from stacks.identity import IdentityStack
from stacks.litellm import LiteLLMStack
from stacks.model_lifecycle import ModelLifecycleStack
from stacks.models import ModelsStack
from stacks.network import NetworkStack
from stacks.serve import ServeStack
from stacks.sessions import SessionsStack
from stacks.tools import ToolsStack
from stacks.web import WebStack


def compose(scope: Construct, config: DeploymentConfig) -> None:
    """Add every stack: data and identity first, then the doors, then the API before the doors."""
    first: list[DeploymentStack] = [DataStack(scope, config)]
    if config.has_user_pool:
        first.append(IdentityStack(scope, config))
    api = ApiStack(scope, config)
    doors = [each(scope, config) for each in (SessionsStack, AdminStack, ModelsStack, ToolsStack)]
    for stack in (api, *doors):
        for needed in first:
            stack.add_stack_dependency(needed)
    for door in doors:
        api.add_stack_dependency(door)
    before_pages: list[DeploymentStack] = [*first, api]
    if config.serve.enabled:
        before_pages.append(_compose_inference(scope, config, before_pages))
    if config.web.enabled:
        pages = WebStack(scope, config)
        for needed in before_pages:
            pages.add_stack_dependency(needed)


def _compose_inference(
    scope: Construct, config: DeploymentConfig, first: Sequence[DeploymentStack]
) -> DeploymentStack:
    """Add the network and what lives in it: services and models, then the gateway that calls."""
    network, litellm = NetworkStack(scope, config), LiteLLMStack(scope, config)
    lives = ModelLifecycleStack(scope, config)
    litellm.add_stack_dependency(network)
    for needed in (*first, network):
        lives.add_stack_dependency(needed)
    serve = ServeStack(scope, config)
    for needed in (*first, network, litellm, lives):
        serve.add_stack_dependency(needed)
    return serve
