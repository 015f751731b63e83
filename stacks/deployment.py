"""All stacks of one deployment, and the order in which they come."""

from collections.abc import Sequence

from constructs import Construct

from stacks.admin import AdminStack
from stacks.api import ApiStack
from stacks.config import DeploymentConfig
from stacks.constructs.deployment_stack import DeploymentStack
from stacks.data import DataStack
from stacks.identity import IdentityStack
from stacks.ingest import IngestStack
from stacks.litellm import LiteLLMStack
from stacks.model_lifecycle import ModelLifecycleStack
from stacks.models import ModelsStack
from stacks.network import NetworkStack
from stacks.repository import RepositoryStack
from stacks.serve import ServeStack
from stacks.sessions import SessionsStack
from stacks.stores import StoresStack
from stacks.tools import ToolsStack
from stacks.web import WebStack


def compose(scope: Construct, config: DeploymentConfig) -> None:
    """Add every stack: data and identity first, then the doors, then the API before the doors."""
    first: list[DeploymentStack] = [DataStack(scope, config)]
    if config.has_user_pool:
        first.append(IdentityStack(scope, config))
    doors = [each(scope, config) for each in (SessionsStack, AdminStack, ModelsStack, ToolsStack)]
    _in_order(first, doors)
    network = [NetworkStack(scope, config)] if config.serve.enabled else []
    knowledge = _compose_knowledge(scope, config, [*first, *network])
    api = ApiStack(scope, config)
    _in_order([*first, *doors, *knowledge], [api])
    before_pages: list[DeploymentStack] = [*first, api]
    if config.serve.enabled:
        before_pages.append(_compose_inference(scope, config, before_pages, network))
    if config.has_knowledge:
        _in_order([*before_pages, *knowledge], [StoresStack(scope, config)])
    if config.web.enabled:
        _in_order(before_pages, [WebStack(scope, config)])


def _compose_knowledge(
    scope: Construct, config: DeploymentConfig, first: Sequence[DeploymentStack]
) -> list[DeploymentStack]:
    """Add what reads documents, then what they are asked for by."""
    if not config.has_knowledge:
        return []
    ingest, repository = IngestStack(scope, config), RepositoryStack(scope, config)
    _in_order(first, [ingest])
    _in_order([*first, ingest], [repository])
    return [ingest, repository]


def _compose_inference(
    scope: Construct,
    config: DeploymentConfig,
    first: Sequence[DeploymentStack],
    network: Sequence[DeploymentStack],
) -> DeploymentStack:
    """Add what lives in the network: services and models, then the gateway that calls."""
    litellm, lives = LiteLLMStack(scope, config), ModelLifecycleStack(scope, config)
    _in_order(network, [litellm])
    _in_order([*first, *network], [lives])
    serve = ServeStack(scope, config)
    _in_order([*first, *network, litellm, lives], [serve])
    return serve


def _in_order(first: Sequence[DeploymentStack], then: Sequence[DeploymentStack]) -> None:
    for stack in then:
        for needed in first:
            stack.add_stack_dependency(needed)
