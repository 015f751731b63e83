"""An ingestion job: documents that were asked for together, and how many are done."""

from datetime import datetime
from enum import StrEnum

from lisa.domain.frozen import Frozen
from lisa.domain.knowledge.names import CollectionId, RepositoryId


class JobType(StrEnum):
    """What is to be done, in LISA's words."""

    INGEST = "document_ingestion"
    INGEST_MANY = "document_batch_ingestion"
    DELETE = "document_deletion"
    DELETE_MANY = "document_batch_deletion"
    DELETE_COLLECTION = "collection_deletion"


class Job(Frozen):
    """One job. It is over once `done` and `failed` together are `total`.

    It has failed where one of its documents has; those are told of by their own rows.
    """

    id: str
    repository_id: RepositoryId
    collection_id: CollectionId
    type: JobType
    owner: str
    pipeline_id: str = ""
    total: int
    done: int = 0
    failed: int = 0
    skipped: int = 0  # of those done: nothing had changed
    cause: str = ""  # of one that failed
    created: datetime
    updated: datetime

    @property
    def is_over(self) -> bool:
        """Tell whether nothing of it is left to do."""
        return self.done + self.failed >= self.total
