"""The findings about documents: whose they are, and where they come from, is known at run time."""

from collections.abc import Iterator, Sequence
from typing import Final

from deployment.config.deployment import DeploymentConfig
from lisa.declared.store_stack import short_names_of
from lisa.workflows.of_stores import STORE_WORKFLOWS
from stacks.finding import DEPLOYMENT, NAG, OLDER_RUNTIME, SECRETS_PREFIX, Acknowledged, any_of

SERVE: Final = ("serve", "Service-serve/Role")
REPOSITORY: Final = ("repository", "Door-repository/Role")
INGEST: Final = ("ingest", "Door-ingest/Role")
PIPELINES: Final = ("repository", "Door-pipelines/Role")
TASK: Final = ("ingest", "Service-ingest/Role")
ASK_STORES: Final = (SERVE, REPOSITORY, INGEST, TASK)
KEEP_CONTENT: Final = (REPOSITORY, INGEST, TASK)
LOAD_SOURCES: Final = (INGEST, TASK)
IN_NETWORK: Final = (REPOSITORY, INGEST)
BEGIN_RUNS: Final = (REPOSITORY, PIPELINES)
READ_LOGINS: Final = (REPOSITORY, INGEST, TASK)

ANYTHING: Final = f"{NAG}IAM5[Resource::*]"
ANY_OBJECT: Final = (
    "the role reaches every object of the content bucket",
    "objects have the names of their owners; the use cases decide who sees which",
)
ANY_LOGIN: Final = (
    "the role reaches every secret that was given to this deployment",
    "logins come and go with stores; no name outside the deployment's prefix is reached",
)
ANY_DOMAIN: Final = (
    "one store's callers are every store's",
    "stores come and go; no name outside the deployment's own is reached",
)
ANY_COLLECTION: Final = (
    "any serverless collection of the account may be asked",
    "nobody foretells the ids that IAM knows them by; whom one answers is in its own policy",
)
ANY_RUN: Final = (
    "any run of these workflows can be looked at and stopped",
    "a run gets its name when it begins; the machines are named",
)
ANY_SOURCE: Final = (
    "the role reads every object of a bucket of sources",
    "pipelines come and go with their folders; `knowledge.source_buckets` names the buckets",
)
ADDRESS: Final = (
    "the function could make and remove network interfaces of others",
    "Lambda needs it to give it an address in the network, and most of it knows no resource",
)
NAMES_ONLY: Final = (
    "who may read the task definition reads its environment",
    "it holds names and addresses; secrets are references that the process itself follows",
)


def found_in_knowledge(config: DeploymentConfig) -> Iterator[Acknowledged]:
    """Yield what there is to acknowledge where documents are kept."""
    yield Acknowledged("ingest", "Service-ingest/Task", f"{NAG}ECS2", *NAMES_ONLY)
    for stack, role in (REPOSITORY, INGEST, PIPELINES):
        function = role.replace("/Role", "/Function")
        yield Acknowledged(stack, function, f"{NAG}L1", *OLDER_RUNTIME)
    yield from _at(KEEP_CONTENT, [any_of("s3", "<BucketContent>/*", ":")], ANY_OBJECT)
    yield from _at(READ_LOGINS, [any_of("secretsmanager", f"secret:{SECRETS_PREFIX}*")], ANY_LOGIN)
    domains = any_of("es", f"domain/{short_names_of(config.full_name)}*/*")
    yield from _at(ASK_STORES, [domains], ANY_DOMAIN)
    yield from _at(ASK_STORES, [any_of("aoss", "collection/*")], ANY_COLLECTION)
    yield from _at(IN_NETWORK, [ANYTHING], ADDRESS)
    runs = [any_of("states", f"execution:{DEPLOYMENT}-{name}:*") for name in STORE_WORKFLOWS]
    yield from _at(BEGIN_RUNS, runs, ANY_RUN)
    sources = [any_of("s3", f"{bucket}/*", ":") for bucket in config.knowledge.source_buckets]
    yield from _at(LOAD_SOURCES, sources, ANY_SOURCE)


def _at(
    roles: Sequence[tuple[str, str]], rules: Sequence[str], why: tuple[str, str]
) -> Iterator[Acknowledged]:
    for stack, role in roles:
        for rule in rules:
            yield Acknowledged(stack, role, rule, *why)
