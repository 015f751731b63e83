"""The topic that alarms tell: made early, so that whatever comes later can look it up."""

from typing import Final

from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from stacks.constructs.parameters import look_up

TOPIC: Final = "alarms/topic"


def topic_of(scope: Construct, config: DeploymentConfig) -> str:
    """Return the topic that is told of alarms; empty where nothing is watched."""
    if config.observability.makes_topic:
        return look_up(scope, config, TOPIC)
    return config.observability.alarm_topic


def topic_of_models(scope: Construct, config: DeploymentConfig) -> str:
    """Return the topic that is told of models that run in the account; it may be its own."""
    return config.models.alarms or topic_of(scope, config)
