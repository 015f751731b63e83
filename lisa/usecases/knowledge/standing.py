"""What becomes of a document when somebody wants it read, removed or tried again."""

from datetime import datetime

from lisa.domain.errors import Conflict
from lisa.domain.knowledge.chunking import Chunking
from lisa.domain.knowledge.names import Facts
from lisa.domain.knowledge.rag_document import DocumentStatus, RagDocument
from lisa.domain.knowledge.rag_file import RagFile
from lisa.domain.knowledge.repository import Collection

REMOVED: frozenset[DocumentStatus] = frozenset(
    {DocumentStatus.DELETE_PENDING, DocumentStatus.DELETING, DocumentStatus.DELETE_FAILED}
)
NO_CAUSE = {"cause": "", "cause_code": "", "next_step": ""}


def ingesting(
    document: RagDocument | None,
    collection: Collection,
    file: RagFile,
    chunking: Chunking | None,
    now: datetime,
    facts: Facts | None = None,
) -> RagDocument:
    """Return the document that is to be made of a file, or made anew; without facts as it was."""
    if document is None:
        return RagDocument(
            id=file.id,
            repository_id=collection.repository_id,
            collection_id=collection.id,
            name=file.name,
            source=f"upload:{file.id}",
            key=file.key,
            content_type=file.content_type,
            size=file.size,
            chunking=chunking,
            owner=file.owner,
            tags=file.tags,
            facts=file.facts if facts is None else facts,
            created=now,
            updated=now,
        )
    if document.status in REMOVED:
        raise being_removed(document.id)
    update = {"status": DocumentStatus.PENDING, "chunking": chunking, **NO_CAUSE}
    if facts is not None:
        return document.model_copy(update={**update, "facts": facts})
    return document.model_copy(update=update)


def removing(document: RagDocument | None) -> RagDocument | None:
    """Return the document as one that is to be removed; one that isn't there is removed already."""
    if document is None or document.status is DocumentStatus.DELETE_PENDING:
        return None
    update = {"status": DocumentStatus.DELETE_PENDING, **NO_CAUSE}
    return document.model_copy(update=update)


def retrying(document: RagDocument | None) -> RagDocument | None:
    """Return the document as one that is tried again, if it had failed."""
    again = {
        DocumentStatus.FAILED: DocumentStatus.PENDING,
        DocumentStatus.DELETE_FAILED: DocumentStatus.DELETE_PENDING,
    }
    if document is None or document.status not in again:
        return None
    return document.model_copy(update={"status": again[document.status], **NO_CAUSE})


def being_removed(document_id: str) -> Conflict:
    """Say that it goes away just now."""
    return Conflict(
        f"the document {document_id} is being removed",
        next_step="wait until it is gone, then ingest it again",
        code="document_being_removed",
    )
