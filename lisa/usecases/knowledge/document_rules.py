"""What is asked of documents and of those who want something of them, and what is said if not."""

from collections.abc import Sequence
from typing import Final

from lisa.domain.errors import Forbidden, Invalid, NotFound
from lisa.domain.knowledge.chunking import Chunking
from lisa.domain.knowledge.rag_document import RagDocument
from lisa.domain.knowledge.rag_file import RagFile
from lisa.domain.policy import Kind, Thing
from lisa.usecases.knowledge.access import Reach
from lisa.usecases.knowledge.names import accepted_file_id

MOST_AT_ONCE: Final = 1000


def thing_of(reach: Reach, document: RagDocument) -> Thing:
    """Return a document as the policy sees it."""
    return document.thing(reach.collection.thing(reach.repository).groups)


def any_document(reach: Reach) -> Thing:
    """Return what stands for all documents of a collection."""
    return Thing(Kind.DOCUMENT, groups=reach.collection.thing(reach.repository).groups)


def accepted_ids(ids: Sequence[str]) -> list[str]:
    """Return each once, if they are ids and not too many."""
    if not 0 < len(ids) <= MOST_AT_ONCE:
        raise Invalid(f"name 1 to {MOST_AT_ONCE} documents at once", code="bad_document_ids")
    return list(dict.fromkeys(accepted_file_id(each) for each in ids))


def refuse_other_chunking(reach: Reach, chunking: Chunking | None) -> None:
    """Refuse another way to cut where the collection has one for all."""
    allowed = (
        reach.repository.allows_chunking_override and reach.collection.allows_chunking_override
    )
    if chunking is not None and not allowed:
        raise Forbidden(
            "documents of this collection are all cut in the same way",
            next_step="leave `chunking` out",
            code="chunking_is_fixed",
        )


def document_not_found(document_id: str) -> NotFound:
    """Say that there is none."""
    return NotFound(
        f"there is no document {document_id[:80]} in this collection",
        next_step="look which there are",
        code="document_not_found",
    )


def not_uploaded(file: RagFile, size: int | None) -> Invalid:
    """Say that a file isn't there, or not whole."""
    came = "nothing" if size is None else f"{size} bytes"
    return Invalid(
        f"the file {file.id} should have {file.size} bytes, {came} came",
        next_step="send it to its upload link, then ingest it",
        code="not_uploaded",
    )
