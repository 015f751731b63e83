"""Looks at everything at once; what can't be asked is told as unknown, with why."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeAlias

from deployment.account import Account
from deployment.config.deployment import DeploymentConfig
from deployment.preflight import (
    bootstrapped,
    caller,
    certificates,
    given,
    images,
    machines,
    names,
    network,
    permissions,
    quotas,
)
from deployment.preflight.check import Check, Situation, unknown
from lisa.domain.errors import LisaError

AT_ONCE: Final = 12
Look: TypeAlias = Callable[[Situation], Iterable[Check]]
LOOKS: Final[Sequence[tuple[str, Look]]] = (
    ("sign-in", caller.lasting_keys),
    ("region", caller.region),
    ("services", caller.services),
    ("bootstrap", bootstrapped.bootstrap),
    ("permissions", permissions.caller_may_deploy),
    ("permissions of CloudFormation", permissions.cloudformation_may_make),
    ("quota of networks", quotas.networks),
    ("quota of addresses", quotas.addresses),
    ("quota of APIs", quotas.apis),
    ("rate of APIs", quotas.api_rate),
    ("quota of Fargate", quotas.fargate),
    ("quota of machines", quotas.machines),
    ("quota of machines with GPUs", quotas.gpus),
    ("concurrency of functions", quotas.functions),
    ("machines", machines.offered),
    ("certificates", certificates.certificates),
    ("network", network.vpc),
    ("subnets", network.subnets),
    ("way out", network.way_out),
    ("security groups", network.security_groups),
    ("endpoints", network.endpoints),
    ("keys", given.keys),
    ("roles", given.roles),
    ("permissions boundary", given.boundary),
    ("topics", given.topics),
    ("buckets", given.buckets),
    ("secrets", given.secrets),
    ("login page", names.login_page),
    ("stacks", names.stacks),
    ("tables", names.tables),
    ("parameters", names.parameters),
    ("functions", names.functions),
    ("images", images.images),
)


def examine(config: DeploymentConfig, account: Account) -> list[Check]:
    """Return all checks; where nobody knows who asks, nothing else can be asked."""
    try:
        situation = caller.situation_of(config, account)
    except LisaError as error:
        return [caller.nobody(error)]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        found = threads.map(lambda each: _looked(each[0], each[1], situation), LOOKS)
    return [*caller.credentials(situation), *(each for some in found for each in some)]


def _looked(name: str, look: Look, situation: Situation) -> list[Check]:
    try:
        return [*look(situation)]
    except LisaError as error:
        return [unknown(name, error.message, error.next_step)]
