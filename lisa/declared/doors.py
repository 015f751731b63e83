"""Every door on AWS: what it serves, what it may touch and how. Grants and adapters follow.

Stacks turn a door into a function, its routes and a role that can do exactly this, a service into
containers and such a role; its bootstrap builds exactly these adapters.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from lisa.declared import settings
from lisa.declared.tables import (
    ALLOWANCES,
    AUDIT,
    CONFIGURATION,
    MODEL_EVENTS,
    MODEL_REPORTS,
    MODELS,
    PEOPLE,
    PREFERENCES,
    PROJECTS,
    PROMPTS,
    SESSIONS,
    SIGN_INS,
    TOKENS,
    TOOL_SERVERS,
    USAGE,
    Table,
)

STAGE: Final = "api"  # what every path of the control API begins with, in every profile


class Access(Enum):
    """How a door may touch a table, a bucket or the deployment's own secrets."""

    READ = "read"
    APPEND = "append"  # add to what is there; neither read nor remove it
    NOTE = "note"  # change what the table says may be noted, in rows that are there
    WRITE = "write"  # reading included


@dataclass(frozen=True)
class Bucket:
    """One object store."""

    name: str


CONTENT: Final = Bucket("content")
WEB: Final = Bucket("web")  # the built pages
BUCKETS: Final = (CONTENT, WEB)


@dataclass(frozen=True, kw_only=True)
class Touching:
    """What an entry point may touch, and how.

    `secrets` says how it may touch those whose names begin with the deployment's prefix;
    `model_stacks` the stacks of models; `runs` whether it begins and stops runs of workflows.
    """

    tables: tuple[tuple[Table, Access], ...] = ()
    buckets: tuple[tuple[Bucket, Access], ...] = ()
    secrets: Access | None = None
    model_stacks: Access | None = None
    runs: bool = False


@dataclass(frozen=True)
class Door(Touching):
    """An entry point that AWS calls. `prefixes` are first path segments of the control API.

    One that is `in_network` reaches what the gateway reaches.
    """

    name: str
    settings: type[settings.Settings]
    prefixes: tuple[str, ...] = ()
    every_minutes: int = 0
    memory_mb: int = 512
    timeout_seconds: int = 29
    in_network: bool = False


@dataclass(frozen=True)
class Service(Touching):
    """An entry point that ECS runs: `containers/<name>`. Its health path needs no credentials."""

    name: str
    settings: type[settings.Settings]
    port: int
    health_path: str


AUTHORIZER: Final = Door(
    "authorizer",
    settings.AuthorizerSettings,
    tables=(
        (TOKENS, Access.READ),
        (SIGN_INS, Access.READ),
        (PEOPLE, Access.READ),
        (PEOPLE, Access.APPEND),
        (TOKENS, Access.NOTE),
        (AUDIT, Access.APPEND),
    ),
)
SESSIONS_DOOR: Final = Door(
    "sessions",
    settings.SessionsSettings,
    prefixes=("project", "projects", "prompt-templates", "prompts", "session", "sessions"),
    tables=(
        (SESSIONS, Access.WRITE),
        (PROJECTS, Access.WRITE),
        (PROMPTS, Access.WRITE),
        (TOKENS, Access.READ),
        (SIGN_INS, Access.READ),
        (PEOPLE, Access.READ),
        (CONFIGURATION, Access.READ),
        (AUDIT, Access.APPEND),
    ),
    buckets=((CONTENT, Access.WRITE),),
    memory_mb=1024,  # half of it for reading one document
)
ADMIN: Final = Door(
    "admin",
    settings.AdminSettings,
    prefixes=(
        "api-tokens",
        "audit",
        "configuration",
        "configurations",
        "me",
        "metrics",
        "openapi.json",
        "policy",
        "tokens",
        "usage",
        "user-preferences",
    ),
    tables=(
        (TOKENS, Access.WRITE),
        (SIGN_INS, Access.READ),
        (PEOPLE, Access.READ),
        (CONFIGURATION, Access.WRITE),
        (PREFERENCES, Access.WRITE),
        (AUDIT, Access.READ),
        (AUDIT, Access.APPEND),
        (USAGE, Access.READ),
    ),
)
MODELS_DOOR: Final = Door(
    "models",
    settings.ModelsSettings,
    prefixes=("models",),
    tables=(
        (MODELS, Access.WRITE),
        (MODEL_EVENTS, Access.WRITE),
        (MODEL_REPORTS, Access.READ),
        (TOKENS, Access.READ),
        (SIGN_INS, Access.READ),
        (CONFIGURATION, Access.READ),
        (AUDIT, Access.APPEND),
    ),
    secrets=Access.WRITE,
    model_stacks=Access.READ,
    runs=True,
)
WORKFLOWS: Final = Door(
    "workflows",
    settings.WorkflowsSettings,
    tables=(
        (MODELS, Access.WRITE),
        (MODEL_EVENTS, Access.WRITE),
        (MODEL_REPORTS, Access.WRITE),
    ),
    model_stacks=Access.WRITE,
    timeout_seconds=120,
    in_network=True,  # it calls models before anybody else may
)
WATCH: Final = Door(
    "watch",
    settings.WatchSettings,
    tables=(
        (MODELS, Access.WRITE),
        (MODEL_EVENTS, Access.WRITE),
        (MODEL_REPORTS, Access.WRITE),
        (AUDIT, Access.APPEND),
    ),
    model_stacks=Access.READ,
    runs=True,
    every_minutes=1,
    timeout_seconds=55,
)
WAKE: Final = Door(
    "wake",
    settings.WakeSettings,
    tables=(
        (MODELS, Access.WRITE),
        (MODEL_EVENTS, Access.WRITE),
        (AUDIT, Access.APPEND),
    ),
    runs=True,
)
TOOLS: Final = Door(
    "tools",
    settings.ToolsSettings,
    prefixes=("mcp-server", "tool-servers"),
    tables=(
        (TOOL_SERVERS, Access.WRITE),
        (TOKENS, Access.READ),
        (SIGN_INS, Access.READ),
        (PEOPLE, Access.READ),
        (CONFIGURATION, Access.READ),
        (AUDIT, Access.APPEND),
    ),
    secrets=Access.WRITE,
)
SWEEP: Final = Door(
    "sweep",
    settings.SweepSettings,
    tables=((SESSIONS, Access.WRITE),),
    buckets=((CONTENT, Access.WRITE),),
    every_minutes=10,
    timeout_seconds=300,
)

DOORS: Final = (
    AUTHORIZER,
    SESSIONS_DOOR,
    ADMIN,
    MODELS_DOOR,
    WORKFLOWS,
    WATCH,
    WAKE,
    TOOLS,
    SWEEP,
)

SERVE: Final = Service(
    "serve",
    settings.ServeSettings,
    port=8080,
    health_path="/health/readiness",
    tables=(
        (MODELS, Access.READ),
        (MODEL_REPORTS, Access.WRITE),
        (TOKENS, Access.READ),
        (TOKENS, Access.NOTE),
        (SIGN_INS, Access.READ),
        (PEOPLE, Access.READ),
        (PEOPLE, Access.APPEND),
        (CONFIGURATION, Access.READ),
        (ALLOWANCES, Access.WRITE),
        (USAGE, Access.APPEND),
        (AUDIT, Access.APPEND),
        (SESSIONS, Access.WRITE),
        (TOOL_SERVERS, Access.WRITE),
    ),
    buckets=((CONTENT, Access.WRITE),),
    secrets=Access.READ,
)
LITELLM: Final = Service(
    "litellm",
    settings.LiteLLMSettings,
    port=8090,
    health_path="/health",
    secrets=Access.READ,
)

SERVICES: Final = (SERVE, LITELLM)
