"""Every door AWS calls: what it serves, what it may touch and how. Grants and adapters follow.

Stacks turn a door into a function, its routes and a role that can do exactly this; its bootstrap
builds exactly these adapters.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from lisa.declared import settings
from lisa.declared.tables import (
    AUDIT,
    CONFIGURATION,
    PEOPLE,
    PREFERENCES,
    SESSIONS,
    SIGN_INS,
    TOKENS,
    Table,
)

STAGE: Final = "api"  # what every path of the control API begins with, in every profile


class Access(Enum):
    """How a door may touch a table or a bucket."""

    READ = "read"
    APPEND = "append"  # add to what is there; neither read nor remove it
    NOTE = "note"  # change what the table says may be noted, in rows that are there
    WRITE = "write"  # reading included


@dataclass(frozen=True)
class Bucket:
    """One object store."""

    name: str


CONTENT: Final = Bucket("content")
BUCKETS: Final = (CONTENT,)


@dataclass(frozen=True)
class Door:
    """One entry point. `prefixes` are first path segments of the control API."""

    name: str
    settings: type[settings.Settings]
    prefixes: tuple[str, ...] = ()
    tables: tuple[tuple[Table, Access], ...] = ()
    buckets: tuple[tuple[Bucket, Access], ...] = ()
    every_minutes: int = 0
    memory_mb: int = 512
    timeout_seconds: int = 29


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
    prefixes=("session", "sessions"),
    tables=(
        (SESSIONS, Access.WRITE),
        (TOKENS, Access.READ),
        (SIGN_INS, Access.READ),
        (PEOPLE, Access.READ),
        (CONFIGURATION, Access.READ),
        (AUDIT, Access.APPEND),
    ),
    buckets=((CONTENT, Access.WRITE),),
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
        "openapi.json",
        "policy",
        "tokens",
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
    ),
)
SWEEP: Final = Door(
    "sweep",
    settings.SweepSettings,
    tables=((SESSIONS, Access.WRITE),),
    buckets=((CONTENT, Access.WRITE),),
    every_minutes=10,
    timeout_seconds=300,
)

DOORS: Final = (AUTHORIZER, SESSIONS_DOOR, ADMIN, SWEEP)
