"""A repository: a store of passages, the collections in it, and who may use them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from lisa.domain.frozen import Frozen
from lisa.domain.knowledge.chunking import Chunking
from lisa.domain.knowledge.names import (
    CollectionId,
    Description,
    Facts,
    Groups,
    ModelId,
    Name,
    RepositoryId,
    Tags,
)
from lisa.domain.knowledge.pipeline import Pipeline
from lisa.domain.policy import Kind, Thing

DEFAULT_COLLECTION: Final = "default"


class StoreKind(StrEnum):
    """What keeps the passages."""

    PGVECTOR = "pgvector"
    OPENSEARCH = "opensearch"


class RepositoryStatus(StrEnum):
    """How far a repository's store has come, in LISA's words."""

    CREATING = "CREATE_IN_PROGRESS"
    READY = "CREATE_COMPLETE"
    CREATE_FAILED = "CREATE_FAILED"
    UPDATING = "UPDATE_IN_PROGRESS"
    UPDATED = "UPDATE_COMPLETE"
    UPDATE_FAILED = "UPDATE_FAILED"
    DELETING = "DELETE_IN_PROGRESS"
    DELETE_FAILED = "DELETE_FAILED"


USABLE: Final = frozenset(
    {RepositoryStatus.READY, RepositoryStatus.UPDATING, RepositoryStatus.UPDATED}
)


class Store(Frozen):
    """Where passages are kept. Without an address it is the deployment's own store of the kind.

    `address` is `https://HOST[:PORT]` of OpenSearch, or `HOST[:PORT]/DATABASE` of Postgres; `own`
    tells that LISA made it and takes it away with the repository; `options` size what is made.
    """

    kind: StoreKind
    address: Annotated[str, StringConstraints(max_length=512)] = ""
    credentials: Annotated[str, StringConstraints(max_length=512)] = ""  # a reference, no secret
    serverless: bool = False
    own: bool = False
    options: Annotated[Facts, Field(default_factory=dict)]


class Repository(Frozen):
    """One repository. Without groups it is for everybody who is let in."""

    id: RepositoryId
    uid: str  # never used again, unlike an id
    name: Name
    description: Description = ""
    store: Store
    embedding_model: ModelId = ""  # what collections use that name none
    chunking: Chunking = Chunking()
    allows_chunking_override: bool = True
    groups: Groups = frozenset()
    tags: Tags = ()
    facts: Annotated[Facts, Field(default_factory=dict)]
    pipelines: Annotated[tuple[Pipeline, ...], Field(max_length=50)] = ()
    status: RepositoryStatus
    reason: str = ""
    next_step: str = ""
    run: str = ""  # the workflow's run that is under way
    created: datetime
    created_by: str
    updated: datetime
    version: int = 1

    def thing(self) -> Thing:
        """Return it as the policy sees it."""
        return Thing(Kind.REPOSITORY, self.id, self.created_by, self.groups)


class CollectionStatus(StrEnum):
    """Whether a collection can be searched, in LISA's words."""

    ACTIVE = "ACTIVE"
    ARCHIVED = "ARCHIVED"
    DELETING = "DELETE_IN_PROGRESS"
    DELETE_FAILED = "DELETE_FAILED"


class Collection(Frozen):
    """One collection. `groups` None means the repository's; `dimension` 0: nothing is in it yet.

    Whoever may use a collection may also use its repository: a collection narrows, never widens.
    """

    id: CollectionId
    repository_id: RepositoryId
    uid: str  # names its place in the store
    name: Name
    description: Description = ""
    embedding_model: ModelId
    dimension: Annotated[int, Field(ge=0, le=16_384)] = 0
    chunking: Chunking
    allows_chunking_override: bool = True
    reads_tables: bool = False  # of PDFs, which is slow
    language: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,32}$")] = "english"
    groups: Groups | None = None
    private: bool = False  # its creator's alone
    tags: Tags = ()
    facts: Annotated[Facts, Field(default_factory=dict)]
    status: CollectionStatus = CollectionStatus.ACTIVE
    reason: str = ""
    is_default: bool = False
    created: datetime
    created_by: str
    updated: datetime
    version: int = 1

    def thing(self, repository: Repository) -> Thing:
        """Return it as the policy sees it; groups of its own count beside the repository's."""
        if self.private:
            return Thing(Kind.OWN_COLLECTION, self.id, self.created_by)
        groups = repository.groups if self.groups is None else self.groups
        return Thing(Kind.COLLECTION, self.id, self.created_by, groups)
