"""Collections and documents as OpenAI shows vector stores and their files."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from lisa.domain.knowledge.chunking import Chunking, Strategy
from lisa.domain.knowledge.job import Job
from lisa.domain.knowledge.names import Fact
from lisa.domain.knowledge.rag_document import DocumentStatus, RagDocument
from lisa.domain.knowledge.repository import Collection
from lisa.domain.turns.shapes import Wire
from lisa.usecases.knowledge.retrieval import Hit
from lisa.usecases.knowledge.vector_stores import store_id

TITLE: Final = "vector_store.name"  # the fact that keeps a name which no collection can have
STATUS: Final = {
    DocumentStatus.PENDING: "in_progress",
    DocumentStatus.WORKING: "in_progress",
    DocumentStatus.READY: "completed",
    DocumentStatus.FAILED: "failed",
    DocumentStatus.DELETE_FAILED: "failed",
}  # any other is on its way out, and not shown
UNSUPPORTED: Final = frozenset({"file_type_unknown"})
OURS: Final = frozenset({"unavailable", "busy", "reading_ended"})


def store_shown(collection: Collection, documents: Iterable[RagDocument]) -> Wire:
    """Show a collection with what is in it."""
    seen = [each for each in documents if each.status in STATUS]
    counted = Counter(STATUS[each.status] for each in seen)
    return {
        "id": store_id(collection),
        "object": "vector_store",
        "created_at": int(collection.created.timestamp()),
        "last_active_at": int(collection.updated.timestamp()),
        "name": str(collection.facts.get(TITLE, collection.name)),
        "description": collection.description or None,
        "status": "in_progress" if counted["in_progress"] else "completed",
        "usage_bytes": sum(each.size for each in seen),
        "file_counts": counts(counted, len(seen)),
        "metadata": told_facts(collection.facts),
        "expires_after": None,
        "expires_at": None,
    }


def told_facts(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """Return a collection's facts without ours."""
    return {name: fact for name, fact in facts.items() if name != TITLE}


def counts(counted: Mapping[str, int], total: int) -> Wire:
    """Show how many files are how far."""
    names = ("in_progress", "completed", "failed", "cancelled")
    return {**{name: counted.get(name, 0) for name in names}, "total": total}


def file_shown(document: RagDocument, collection: Collection) -> Wire:
    """Show a document."""
    return {
        "id": document.id,
        "object": "vector_store.file",
        "created_at": int(document.created.timestamp()),
        "usage_bytes": document.size,
        "vector_store_id": store_id(collection),
        "status": STATUS.get(document.status, "cancelled"),
        "last_error": _error(document),
        "attributes": dict(document.facts),
        "chunking_strategy": _cutting(document.chunking or collection.chunking),
        "filename": document.name,
    }


def batch_shown(job: Job, collection: Collection, cancelled: int = 0) -> Wire:
    """Show a job."""
    waiting = max(0, job.total - job.done - job.failed)
    counted = {"in_progress": waiting, "failed": job.failed}
    counted |= {"completed": max(0, job.done - cancelled), "cancelled": cancelled}
    status = "in_progress" if waiting else "failed" if job.failed == job.total > 0 else "completed"
    return {
        "id": job.id,
        "object": "vector_store.files_batch",
        "created_at": int(job.created.timestamp()),
        "vector_store_id": store_id(collection),
        "status": "cancelled" if cancelled else status,
        "file_counts": counts(counted, job.total),
    }


def hit_shown(hit: Hit) -> Wire:
    """Show what a search found; what stands behind `content` is ours."""
    passage, place = hit.passage, hit.passage.place
    return {
        "file_id": passage.document_id,
        "filename": passage.name,
        "score": hit.relevance,
        "attributes": dict(passage.facts),
        "content": [{"type": "text", "text": passage.text}],
        "page": place.page,
        "last_page": place.last_page,
        "start": place.start,
        "end": place.end,
        "ordinal": passage.ordinal,
    }


def _error(document: RagDocument) -> Wire | None:
    if STATUS.get(document.status) != "failed":
        return None
    code = "invalid_file"
    if document.cause_code in UNSUPPORTED:
        code = "unsupported_file"
    elif document.cause_code in OURS:
        code = "server_error"
    steps = (each for each in (document.cause, document.next_step) if each)
    return {"code": code, "message": "; ".join(steps)}


def _cutting(chunking: Chunking) -> Wire:
    if chunking.strategy is not Strategy.TOKENS:
        return {"type": "other"}
    sizes = {"max_chunk_size_tokens": chunking.size, "chunk_overlap_tokens": chunking.overlap}
    return {"type": "static", "static": sizes}
