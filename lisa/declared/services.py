"""Every entry point that ECS runs: what it may touch and how, as `doors` tells of functions."""

from typing import Final

from lisa.declared import knowledge_settings, settings
from lisa.declared.doors import INGESTING
from lisa.declared.entry_points import CONTENT, WORK, Access, OfSources, Service
from lisa.declared.parts import Part
from lisa.declared.tables import (
    ALLOWANCES,
    AUDIT,
    CONFIGURATION,
    MODEL_REPORTS,
    MODELS,
    PEOPLE,
    RAG_DOCUMENTS,
    RAG_JOBS,
    REPOSITORIES,
    SESSIONS,
    TOKENS,
    TOOL_SERVERS,
    USAGE,
)

SERVE: Final = Service(
    "serve",
    settings.ServeSettings,
    of=Part.INFERENCE,
    port=8080,
    health_path="/health/readiness",
    tables=(
        (MODELS, Access.READ),
        (MODEL_REPORTS, Access.APPEND),
        (TOKENS, Access.READ),
        (TOKENS, Access.NOTE),
        (PEOPLE, Access.READ),
        (PEOPLE, Access.APPEND),
        (CONFIGURATION, Access.READ),
        (ALLOWANCES, Access.WRITE),
        (USAGE, Access.APPEND),
        (AUDIT, Access.APPEND),
        (SESSIONS, Access.WRITE),
        (TOOL_SERVERS, Access.WRITE),
        (REPOSITORIES, Access.WRITE),
        (RAG_DOCUMENTS, Access.WRITE),
        (RAG_JOBS, Access.APPEND),
    ),
    buckets=((CONTENT, Access.WRITE),),
    secrets=Access.READ,
    asks_stores=True,
    passes=True,
    sends=(WORK,),
)
INGEST_TASK: Final = Service(
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
)
LITELLM: Final = Service(
    "litellm",
    settings.LiteLLMSettings,
    of=Part.INFERENCE,
    port=8090,
    health_path="/health",
    secrets=Access.READ,
)

SERVICES: Final = (SERVE, INGEST_TASK, LITELLM)
