"""Every door on AWS: what it serves, what it may touch and how. Grants and adapters follow.

Stacks turn a door into a function, its routes and a role that can do exactly this, a service into
containers and such a role; its bootstrap builds exactly these adapters.
"""

from typing import Final

from lisa.declared import knowledge_settings, settings
from lisa.declared.entry_points import CONTENT, WORK, Access, Door, OfSources, OnStacks, Runs
from lisa.declared.parts import Part
from lisa.declared.tables import (
    AUDIT,
    CONFIGURATION,
    EVALUATIONS,
    MODEL_EVENTS,
    MODEL_REPORTS,
    MODELS,
    PEOPLE,
    PREFERENCES,
    PROJECTS,
    PROMPTS,
    RAG_DOCUMENTS,
    RAG_JOBS,
    REPOSITORIES,
    SESSIONS,
    TOKENS,
    TOOL_SERVERS,
    USAGE,
)

AUTHORIZER: Final = Door(
    "authorizer",
    settings.AuthorizerSettings,
    tables=(
        (TOKENS, Access.READ),
        (PEOPLE, Access.READ),
        (PEOPLE, Access.APPEND),
        (TOKENS, Access.NOTE),
        (AUDIT, Access.APPEND),
    ),
)
SESSIONS_DOOR: Final = Door(
    "sessions",
    settings.SessionsSettings,
    of=Part.CHAT,
    prefixes=("project", "projects", "prompt-templates", "prompts", "session", "sessions"),
    tables=(
        (SESSIONS, Access.WRITE),
        (PROJECTS, Access.WRITE),
        (PROMPTS, Access.WRITE),
        (TOKENS, Access.READ),
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
        (PEOPLE, Access.READ),
        (AUDIT, Access.APPEND),
    ),
    secrets=Access.WRITE,
    model_stacks=(OnStacks.SEARCH, OnStacks.LOGS),
    runs=Runs.MODELS,
    stops_runs=True,
)
WORKFLOWS: Final = Door(
    "workflows",
    settings.WorkflowsSettings,
    of=Part.INFERENCE,
    tables=(
        (MODELS, Access.WRITE),
        (MODEL_EVENTS, Access.WRITE),
        (MODEL_REPORTS, Access.WRITE),
    ),
    model_stacks=(OnStacks.OBSERVE, OnStacks.SEARCH, OnStacks.MAKE),
    timeout_seconds=120,
    in_network=True,  # it calls models before anybody else may
)
WATCH: Final = Door(
    "watch",
    settings.WatchSettings,
    of=Part.INFERENCE,
    tables=(
        (MODELS, Access.WRITE),
        (MODEL_EVENTS, Access.WRITE),
        (MODEL_REPORTS, Access.WRITE),
        (AUDIT, Access.APPEND),
    ),
    model_stacks=(OnStacks.OBSERVE,),
    runs=Runs.MODELS,
    follows_runs=True,
    every_minutes=1,
    timeout_seconds=55,
)
WAKE: Final = Door(
    "wake",
    settings.WakeSettings,
    of=Part.INFERENCE,
    tables=(
        (MODELS, Access.WRITE),
        (MODEL_EVENTS, Access.WRITE),
        (AUDIT, Access.APPEND),
    ),
    runs=Runs.MODELS,
)
TOOLS: Final = Door(
    "tools",
    settings.ToolsSettings,
    of=Part.CHAT,
    prefixes=("mcp-server", "tool-servers"),
    tables=(
        (TOOL_SERVERS, Access.WRITE),
        (TOKENS, Access.READ),
        (PEOPLE, Access.READ),
        (CONFIGURATION, Access.READ),
        (AUDIT, Access.APPEND),
    ),
    secrets=Access.WRITE,
)
SWEEP: Final = Door(
    "sweep",
    settings.SweepSettings,
    of=Part.CHAT,
    tables=((SESSIONS, Access.WRITE),),
    buckets=((CONTENT, Access.WRITE),),
    every_minutes=10,
    timeout_seconds=300,
)
REPOSITORY: Final = Door(
    "repository",
    knowledge_settings.RepositorySettings,
    of=Part.KNOWLEDGE,
    prefixes=("collections", "evaluations", "repositories", "repository", "search"),
    tables=(
        (REPOSITORIES, Access.WRITE),
        (RAG_DOCUMENTS, Access.WRITE),
        (RAG_JOBS, Access.WRITE),
        (EVALUATIONS, Access.WRITE),
        (MODELS, Access.READ),
        (TOKENS, Access.READ),
        (PEOPLE, Access.READ),
        (CONFIGURATION, Access.READ),
        (AUDIT, Access.APPEND),
    ),
    buckets=((CONTENT, Access.KEEP),),
    secrets=Access.READ,
    asks_stores=True,
    runs=Runs.STORES,
    stops_runs=True,
    passes=True,
    calls_gateway=True,
    sources=OfSources.NAMES,
    sends=(WORK,),
    memory_mb=1024,
    in_network=True,
)
INGESTING: Final = (
    (REPOSITORIES, Access.WRITE),
    (RAG_DOCUMENTS, Access.WRITE),
    (RAG_JOBS, Access.WRITE),
    (MODELS, Access.READ),
    (PEOPLE, Access.READ),
)
INGEST: Final = Door(
    "ingest",
    knowledge_settings.IngestSettings,
    of=Part.KNOWLEDGE,
    tables=INGESTING,
    buckets=((CONTENT, Access.CLEAR),),
    secrets=Access.READ,
    asks_stores=True,
    passes=True,
    calls_gateway=True,
    sources=OfSources.LOADS,
    fed_by=WORK,
    memory_mb=2048,  # half of it for reading one document
    disk_mb=4096,  # for those that are being read: each may have 512
    timeout_seconds=900,
    in_network=True,
)
PIPELINES: Final = Door(
    "pipelines",
    knowledge_settings.PipelinesSettings,
    of=Part.KNOWLEDGE,
    tables=(
        (REPOSITORIES, Access.WRITE),
        (RAG_DOCUMENTS, Access.WRITE),
        (RAG_JOBS, Access.WRITE),
    ),
    runs=Runs.STORES,
    follows_runs=True,
    sources=OfSources.LISTS,
    sends=(WORK,),
    every_minutes=1,
    timeout_seconds=300,
)
STORES: Final = Door(
    "stores",
    knowledge_settings.StoresSettings,
    of=Part.KNOWLEDGE,
    tables=((REPOSITORIES, Access.WRITE), (RAG_JOBS, Access.WRITE)),
    secrets=Access.READ,
    store_stacks=Access.WRITE,
    asks_stores=True,
    timeout_seconds=120,
    in_network=True,  # it tries a store before anybody else may
)
ROTATE: Final = Door(
    "rotate",
    settings.RotateSettings,
    of=Part.INFERENCE,
    rotates=True,
    memory_mb=256,
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
    REPOSITORY,
    INGEST,
    PIPELINES,
    STORES,
    ROTATE,
)
