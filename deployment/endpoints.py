"""Which services of AWS are called from a deployment's network, by whom and for what."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from deployment.config.deployment import DeploymentConfig
from lisa.declared.doors import DOORS
from lisa.declared.entry_points import Access, Door, OnStacks, Service, Touching
from lisa.declared.services import LITELLM, SERVE, SERVICES

Callers: TypeAlias = Callable[[DeploymentConfig], list[str]]
MODELS: Final = "models"  # what runs them on machines of ours


@dataclass(frozen=True)
class Endpoint:
    """A service, as the name of its endpoint ends.

    A `free` one is an entry in route tables, any other an address in each zone. What is not `ours`
    is also called with credentials that aren't this account's, or with none.
    """

    service: str
    why: str
    callers: Callers
    free: bool = False
    ours: bool = True


def in_network(config: DeploymentConfig) -> Iterator[Door | Service]:
    """Yield the entry points of this deployment that have an address in its network."""
    if config.serve.in_network:
        yield from (each for each in SERVICES if config.has(each.of))
        yield from (each for each in DOORS if each.in_network and config.has(each.of))


def _who(does: Callable[[Touching], object]) -> Callers:
    return lambda config: [each.name for each in in_network(config) if does(each)]


def _containers(config: DeploymentConfig) -> list[str]:
    names = [each.name for each in in_network(config) if isinstance(each, Service)]
    return [*names, MODELS] if names else []


def _machines(_: DeploymentConfig) -> list[str]:
    return [LITELLM.name, MODELS]


def _gateway(_: DeploymentConfig) -> list[str]:
    return [SERVE.name]


def _tells_of_work(config: DeploymentConfig) -> list[str]:
    return [each.name for each in in_network(config) if each.sends and config.has_knowledge]


def _checks_sign_ins(config: DeploymentConfig) -> list[str]:
    asked = config.has_user_pool and not config.identity.cognito.keys_from
    return [SERVE.name] if asked else []


def _calls_bedrock(config: DeploymentConfig) -> list[str]:
    return [LITELLM.name] if config.litellm.bedrock_models else []


def _calls_sagemaker(config: DeploymentConfig) -> list[str]:
    return [LITELLM.name] if config.litellm.sagemaker_endpoints else []


def _looks_after_models(entry: Touching) -> bool:
    return OnStacks.MAKE in entry.model_stacks


def _makes_stacks(entry: Touching) -> bool:
    return OnStacks.MAKE in entry.model_stacks or entry.store_stacks is Access.WRITE


# KMS, STS and Auto Scaling are missing for good: services call them for us, nothing of ours does.
# OpenSearch Serverless has an endpoint of its own kind, which the stack of stores makes.
ENDPOINTS: Final = (
    Endpoint("s3", "content, weights and layers of images", _containers, free=True),
    Endpoint("dynamodb", "rows", _who(lambda entry: entry.tables), free=True),
    Endpoint("ecr.api", "which image to pull", _containers),
    Endpoint("ecr.dkr", "pulling it", _containers, ours=False),
    Endpoint("logs", "logs of containers", _containers),
    Endpoint("ecs", "machines that join a cluster, and how models' tasks are", _machines),
    Endpoint("ecs-agent", "what tasks a machine is to run", _machines, ours=False),
    Endpoint("ecs-telemetry", "how they do", _machines, ours=False),
    Endpoint(
        "secretsmanager",
        "keys of models, stores and passes",
        _who(lambda entry: entry.secrets or entry.passes),
    ),
    Endpoint("ssm", "where the gateway answers", _who(lambda entry: entry.calls_gateway)),
    Endpoint("sqs", "telling of work with documents", _tells_of_work),
    Endpoint("states", "beginning workflows", _who(lambda entry: entry.runs)),
    Endpoint("lambda", "waking models", _gateway),
    Endpoint("cloudformation", "stacks of models and stores", _who(_makes_stacks)),
    Endpoint("tagging", "finding those stacks", _who(_makes_stacks)),
    Endpoint("ec2", "the machines of models", _who(_looks_after_models)),
    Endpoint("elasticloadbalancing", "whether models are well", _who(_looks_after_models)),
    Endpoint("cognito-idp", "keys that sign-ins are checked with", _checks_sign_ins, ours=False),
    Endpoint("bedrock-runtime", "models of Bedrock", _calls_bedrock),
    Endpoint("sagemaker.runtime", "endpoints of SageMaker", _calls_sagemaker),
)


def needed(config: DeploymentConfig) -> list[Endpoint]:
    """Return those that something in the network of this deployment calls."""
    return [each for each in ENDPOINTS if config.serve.in_network and each.callers(config)]
