"""Every table there is: its indexes and what expires. Stacks create them, stores read them.

All tables have the string keys `pk` and `sk`, compared by their UTF-8 bytes. A row whose
`expires_at` (whole seconds since 1970) has come is absent, swept or not.
"""

from dataclasses import dataclass
from typing import Final

from lisa.declared.parts import Part

PARTITION: Final = "pk"
SORT: Final = "sk"
EXPIRES: Final = "expires_at"


@dataclass(frozen=True)
class Index:
    """Another order of the same rows; it may lag, and holds only rows that have both attributes."""

    name: str
    partition: str
    sort: str


@dataclass(frozen=True)
class Table:
    """One table, in DynamoDB's terms. `noted` may be written by doors that else only read.

    A table `of` one part is not there where that is left out.
    """

    name: str
    indexes: tuple[Index, ...] = ()
    expires: bool = False
    noted: tuple[str, ...] = ()
    of: Part | None = None

    def index(self, name: str) -> Index:
        """Return the index of that name; asking for another is a mistake of ours."""
        return next(index for index in self.indexes if index.name == name)


SESSIONS = Table(
    "sessions",
    indexes=(
        Index("by_activity", partition="owner", sort="activity"),
        Index("by_removal", partition="removal", sort="removal_since"),
        Index("by_project", partition="project", sort="activity"),
        Index("by_lease", partition="open", sort="lease_until"),  # turns that are under way
    ),
    expires=True,
    of=Part.CHAT,
)
TOKENS = Table(
    "tokens",
    indexes=(
        Index("by_owner", partition="owner", sort="created"),
        Index("by_kind", partition="kind", sort="created"),
    ),
    expires=True,
    noted=("last_used",),
)
SIGN_INS = Table("sign_ins", expires=True)
CONFIGURATION = Table("configuration")
PREFERENCES = Table("preferences")
AUDIT = Table("audit", indexes=(Index("by_actor", partition="actor", sort="at"),))
MODELS = Table("models")
MODEL_EVENTS = Table("model_events", expires=True)  # what was done to models, and by which run
MODEL_REPORTS = Table("model_reports", expires=True)  # what gateways and hosts said last of models
PEOPLE = Table("people")  # what an issuer last said of a caller: a user token follows it
ALLOWANCES = Table("allowances", expires=True)  # what limits and budgets have left
USAGE = Table(
    "usage", indexes=(Index("by_subject", partition="subject", sort="ended"),), expires=True
)
PROMPTS = Table(
    "prompts", indexes=(Index("by_share", partition="share", sort="share_since"),), of=Part.CHAT
)
PROJECTS = Table("projects", of=Part.CHAT)
TOOL_SERVERS = Table(
    "tool_servers",
    indexes=(Index("by_share", partition="share", sort="share_since"),),
    of=Part.CHAT,
)
# With their collections, and what pipelines did last.
REPOSITORIES = Table("repositories", of=Part.KNOWLEDGE)
RAG_DOCUMENTS = Table(
    "rag_documents",
    indexes=(
        Index("by_work", partition="open", sort="due"),  # what is to be done with documents
        Index("by_digest", partition="digest_in", sort="pk"),  # who has the same content
    ),
    of=Part.KNOWLEDGE,
)
RAG_JOBS = Table(
    "rag_jobs",
    indexes=(Index("by_owner", partition="owner", sort="created"),),
    expires=True,
    of=Part.KNOWLEDGE,
)
# Golden sets, and runs over them.
EVALUATIONS = Table("evaluations", expires=True, of=Part.KNOWLEDGE)
ACCOUNTS = Table("accounts", indexes=(Index("by_kind", partition="kind", sort="name"),))
PROVIDER = Table("provider", expires=True)  # codes, refresh tokens, attempts to sign in

TABLES = (
    SESSIONS,
    TOKENS,
    CONFIGURATION,
    PREFERENCES,
    AUDIT,
    MODELS,
    MODEL_EVENTS,
    MODEL_REPORTS,
    PEOPLE,
    ALLOWANCES,
    USAGE,
    PROMPTS,
    PROJECTS,
    TOOL_SERVERS,
    REPOSITORIES,
    RAG_DOCUMENTS,
    RAG_JOBS,
    EVALUATIONS,
)
LOCAL_TABLES = (
    *TABLES,
    SIGN_INS,  # links that let a browser in; the others are the built-in identity provider's
    ACCOUNTS,
    PROVIDER,
)
