"""All stacks of one deployment, and the order in which they come."""

from collections.abc import Sequence
from typing import TypeAlias, TypeVar

from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from lisa.declared.parts import Part
from stacks.admin import AdminStack
from stacks.alarms import AlarmsStack
from stacks.api import ApiStack
from stacks.backup import BackupStack
from stacks.constructs.deployment_stack import DeploymentStack
from stacks.data import DataStack
from stacks.identity import IdentityStack
from stacks.ingest import IngestStack
from stacks.litellm import LiteLLMStack
from stacks.model_lifecycle import ModelLifecycleStack
from stacks.models import ModelsStack
from stacks.network import NetworkStack
from stacks.observability import ObservabilityStack
from stacks.repository import RepositoryStack
from stacks.serve import ServeStack
from stacks.serve_function import ServeFunctionStack
from stacks.sessions import SessionsStack
from stacks.stores import StoresStack
from stacks.tools import ToolsStack
from stacks.web import WebStack

Stacks: TypeAlias = Sequence[DeploymentStack]
Stack = TypeVar("Stack", bound=DeploymentStack)


def compose(scope: Construct, config: DeploymentConfig) -> None:
    """Add every stack: what is kept, then who serves it, then where they are reached."""
    kept = _kept(scope, config)
    network = [_after(kept, NetworkStack(scope, config))] if config.has(Part.INFERENCE) else []
    doors = [*_doors(scope, config, kept), *_chat(scope, config, kept)]
    knowledge = _knowledge(scope, config, [*kept, *network])
    api = _after([*kept, *network, *doors, *knowledge], ApiStack(scope, config))
    inference = _inference(scope, config, [*kept, *network, api])
    if config.has(Part.KNOWLEDGE):
        _after([*kept, *network, *knowledge, *inference], StoresStack(scope, config))
    if config.has(Part.PAGES):
        _after([*kept, api, *inference], WebStack(scope, config))
    _watching(scope, config, kept)


def _kept(scope: Construct, config: DeploymentConfig) -> Stacks:
    """Add what must not be lost: content, and people where they are ours; and who is told."""
    data = DataStack(scope, config)
    told = [_after([data], AlarmsStack(scope, config))] if config.observability.makes_topic else []
    identity = [IdentityStack(scope, config)] if config.has_user_pool else []
    return [data, *told, *identity]


def _doors(scope: Construct, config: DeploymentConfig, kept: Stacks) -> Stacks:
    """Add what every deployment serves."""
    serving = [AdminStack, ModelsStack]
    if config.serve.is_function:
        serving.append(ServeFunctionStack)
    return [_after(kept, each(scope, config)) for each in serving]


def _chat(scope: Construct, config: DeploymentConfig, kept: Stacks) -> Stacks:
    """Add what keeps conversations, and the tools that they use."""
    if not config.has(Part.CHAT):
        return []
    return [_after(kept, each(scope, config)) for each in (SessionsStack, ToolsStack)]


def _knowledge(scope: Construct, config: DeploymentConfig, below: Stacks) -> Stacks:
    """Add what reads documents, then what they are asked for by."""
    if not config.has(Part.KNOWLEDGE):
        return []
    ingest = _after(below, IngestStack(scope, config))
    return [ingest, _after([*below, ingest], RepositoryStack(scope, config))]


def _inference(scope: Construct, config: DeploymentConfig, below: Stacks) -> Stacks:
    """Add what runs models and what calls them, then the gateway before it all."""
    if not config.has(Part.INFERENCE):
        return []
    beside = [_after(below, each(scope, config)) for each in (LiteLLMStack, ModelLifecycleStack)]
    return [_after([*below, *beside], ServeStack(scope, config))]


def _watching(scope: Construct, config: DeploymentConfig, kept: Stacks) -> None:
    """Add copies of what is kept, then what watches everything."""
    if config.backup.enabled:
        _after(kept, BackupStack(scope, config))
    if config.observability.enabled:
        watched = [each for each in scope.node.children if isinstance(each, DeploymentStack)]
        _after(watched, ObservabilityStack(scope, config))


def _after(below: Stacks, stack: Stack) -> Stack:
    """Have a stack made once those are there that it stands on."""
    for each in below:
        stack.add_stack_dependency(each)
    return stack
