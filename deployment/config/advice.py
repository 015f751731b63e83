"""What is allowed, and somebody should still think about before it is deployed."""

from collections.abc import Iterator
from typing import Final

from deployment.config.deployment import DeploymentConfig

EVERYBODY: Final = "0.0.0.0/0"
EXAMPLES: Final = ("123456789012", "example.com", "example.org")


def advice(config: DeploymentConfig) -> list[str]:
    """Return what to think about, one sentence each."""
    return [
        *_of_the_place(config),
        *_of_people(config),
        *_of_the_gateway(config),
        *_of_safety(config),
    ]


def _of_the_place(config: DeploymentConfig) -> Iterator[str]:
    text = config.model_dump_json()
    for example in EXAMPLES:
        if example in text:
            yield f"{example} is an example's: put your own in its place"
    if not config.region:
        yield "region: not said, so it goes wherever your credentials lead"
    for key, arn in _certificates(config).items():
        if config.region and arn and arn.split(":")[3] != config.region:
            yield f"{key}: lies in {arn.split(':')[3]}, where {config.region} can't use it"


def _certificates(config: DeploymentConfig) -> dict[str, str]:
    return {
        "serve.certificate": config.serve.certificate,
        "api.certificate": "" if config.api.private else config.api.certificate,
    }


def _of_people(config: DeploymentConfig) -> Iterator[str]:
    if not config.has_user_pool and not config.doors.admin_group:
        yield "doors.admin_group: empty, so nobody is an administrator"
    if config.doors.issuers and not config.doors.user_group:
        yield "doors.user_group: empty, so whoever can sign in at an issuer is let in"
    if config.has_user_pool and config.identity.cognito.mfa != "required":
        yield "identity.cognito.mfa: a password alone may be enough to sign in"


def _of_the_gateway(config: DeploymentConfig) -> Iterator[str]:
    if not config.serve.enabled:
        yield "serve.enabled: false, so no model can be called"
    if not config.serve.in_network:
        return
    if EVERYBODY in config.serve.callers:
        yield "serve.callers: the whole internet may connect"
    if not config.serve.certificate:
        yield "serve.certificate: none, so calls and tokens travel in plain HTTP"
    if min(config.serve.capacity.min_tasks, config.litellm.capacity.min_tasks) == 1:
        yield "min_tasks: 1, so calls fail while that one task is replaced"
    made = not config.network.vpc_id
    if made and config.network.nat_gateways == 0 and not config.network.endpoints:
        yield "network: no way out, so containers reach neither models elsewhere nor AWS"


def _of_safety(config: DeploymentConfig) -> Iterator[str]:
    if config.data == "destroy":
        yield "data: destroy, so tables and buckets go with their stacks, and all that is in them"
    if not config.backup.enabled:
        yield "backup.enabled: false, so nothing is kept beyond 35 days of the tables' own history"
    told = config.observability
    if not told.enabled or not (told.alarm_emails or told.alarm_topic):
        yield "observability: nobody is told when something is wrong"
