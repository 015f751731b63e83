"""A document of a collection: where it came from, how far it has come, and why no further."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from lisa.domain.frozen import Frozen
from lisa.domain.knowledge.chunking import Chunking
from lisa.domain.knowledge.names import CollectionId, Facts, FileName, RepositoryId, Tags
from lisa.domain.policy import Kind, Thing


class DocumentStatus(StrEnum):
    """How far a document has come, in LISA's words."""

    PENDING = "INGESTION_PENDING"
    WORKING = "INGESTION_IN_PROGRESS"
    READY = "INGESTION_COMPLETED"
    FAILED = "INGESTION_FAILED"
    DELETE_PENDING = "DELETE_PENDING"
    DELETING = "DELETE_IN_PROGRESS"
    DELETE_FAILED = "DELETE_FAILED"


UNDER_WAY: Final = frozenset(
    {
        DocumentStatus.PENDING,
        DocumentStatus.WORKING,
        DocumentStatus.DELETE_PENDING,
        DocumentStatus.DELETING,
    }
)


class RagDocument(Frozen):
    """One document.

    `source` is where it came from (`upload:<file id>`, `s3://...`, `file:...`) and is one within
    its collection: what comes from there again is this document. `key` is where its bytes lie, and
    is empty where they stay at the source. `digest` is the content's SHA-256 once it was read,
    `recipe` names embedder, chunking and reader, so that the same again is no work.
    """

    id: str
    repository_id: RepositoryId
    collection_id: CollectionId
    name: FileName
    source: str
    key: str = ""
    content_type: str = ""
    kind: str = ""  # what it is by its content: pdf, docx, ...
    size: int = 0
    mark: str = ""  # by which its source tells whether it changed: an ETag, or time and size
    digest: str = ""
    recipe: str = ""
    chunking: Chunking | None = None  # None: the collection's
    owner: str
    tags: Tags = ()
    facts: Annotated[Facts, Field(default_factory=dict)]
    status: DocumentStatus = DocumentStatus.PENDING
    cause: str = ""
    cause_code: str = ""
    next_step: str = ""
    warnings: tuple[str, ...] = ()
    job_id: str = ""
    pages: int | None = None
    characters: int = 0
    passages: int = 0  # that can be found
    expected: int = 0  # passages, as far as known; 0: not known yet
    attempts: int = 0
    created: datetime
    updated: datetime
    version: int = 1

    def thing(self, groups: frozenset[str]) -> Thing:
        """Return it as the policy sees it; its groups are its collection's."""
        return Thing(Kind.DOCUMENT, self.id, self.owner, groups)
