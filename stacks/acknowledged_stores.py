"""The findings about stores that we make: their names are known when they are made, not before."""

from collections.abc import Iterator, Sequence
from typing import Final

from deployment.config.deployment import DeploymentConfig
from lisa.declared.store_stack import short_names_of, stores_of
from lisa.workflows.of_stores import STORE_WORKFLOWS
from stacks.finding import NAG, OLDER_RUNTIME, SECRETS_PREFIX, Acknowledged, any_of

DOOR: Final = "Door-stores/Role"
MAKER: Final = "Maker/Role"
ANYTHING: Final = f"{NAG}IAM5[Resource::*]"
COLLECTIONS: Final = any_of("aoss", "collection/*")
LINKED: Final = "role/aws-service-role/"
EVERY_STORE: Final = (
    "one store's permissions are every store's",
    "stores come and go; no name outside the deployment's own is reached",
)
ASKED: Final = (
    "any serverless collection of the account may be asked",
    "nobody foretells the ids that IAM knows them by; whom one answers is in its own policy",
)
ONLY_LOOKS: Final = (
    "marks and network interfaces of others are seen, and such interfaces could be removed",
    "Lambda needs it to give the function an address; these actions know no resource",
)
LINKS: Final = (
    "a role that AWS itself acts as comes to be in the account",
    "its service alone can take it, and the services are named",
)
UNNAMED: Final = (
    "resources of others could be looked at, and serverless collections or their policies changed",
    "nobody foretells these names, or the actions know none; what can bear our mark must bear it",
)
TRACED: Final = (
    "a machine may write traces and set up its log",
    "these actions know no resource; the CDK adds them for tracing and logging",
)


def found_in_stores(config: DeploymentConfig) -> Iterator[Acknowledged]:
    """Yield what there is to acknowledge where stores are made."""
    begin, account = short_names_of(config.full_name), ":<AWS::AccountId>"
    stacks = any_of("cloudformation", f"stack/{stores_of(config.full_name)}*/*")
    logins = any_of("secretsmanager", f"secret:{SECRETS_PREFIX}*")
    for_domains = any_of("iam", f"{LINKED}opensearchservice.amazonaws.com/*", account)
    yield Acknowledged("stores", "Door-stores/Function", f"{NAG}L1", *OLDER_RUNTIME)
    yield from _at(DOOR, [stacks, logins, any_of("es", f"domain/{begin}*/*")], EVERY_STORE)
    yield from _at(DOOR, [COLLECTIONS], ASKED)
    yield from _at(DOOR, [for_domains], LINKS)
    yield from _at(DOOR, [ANYTHING], ONLY_LOOKS)
    databases = ("db", "cluster", "subgrp", "pg", "cluster-pg")
    named = [any_of("rds", f"{kind}:{begin}*") for kind in databases]
    own_logins = any_of("secretsmanager", f"secret:{SECRETS_PREFIX}stores/*")
    yield from _at(MAKER, [*named, any_of("es", f"domain/{begin}*"), own_logins], EVERY_STORE)
    yield from _at(MAKER, [any_of("iam", f"{LINKED}*", account)], LINKS)
    groups = any_of("ec2", "security-group/*")
    yield from _at(MAKER, [COLLECTIONS, groups, ANYTHING], UNNAMED)
    for name in STORE_WORKFLOWS:
        yield from _at(f"Workflow-{name}/Role", [ANYTHING], TRACED)


def _at(role: str, rules: Sequence[str], why: tuple[str, str]) -> Iterator[Acknowledged]:
    for rule in rules:
        yield Acknowledged("stores", role, rule, *why)
