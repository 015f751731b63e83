"""Repositories, collections, documents and jobs as LISA shows them."""

from datetime import datetime
from typing import Final

from pydantic import JsonValue

from lisa.domain.identity import Principal
from lisa.domain.knowledge.chunking import Chunking, Strategy
from lisa.domain.knowledge.job import Job, JobType
from lisa.domain.knowledge.pipeline import Pipeline
from lisa.domain.knowledge.rag_document import RagDocument
from lisa.domain.knowledge.repository import Collection, Repository, StoreKind
from lisa.domain.policy import Verb, decide
from lisa.usecases.knowledge.access import Reach

Shown = dict[str, JsonValue]
REMOVING: Final = frozenset({JobType.DELETE, JobType.DELETE_MANY, JobType.DELETE_COLLECTION})
UPLOADED: Final = "upload:"


def repository_shown(repository: Repository, viewer: Principal) -> Shown:
    """Show a repository; where its store is, is for who may change it."""
    shown: Shown = {
        "repositoryId": repository.id,
        "repositoryName": repository.name,
        "description": repository.description,
        "type": repository.store.kind,
        "embeddingModelId": repository.embedding_model or None,
        "chunkingStrategy": chunking_shown(repository.chunking),
        "allowedGroups": [*sorted(repository.groups)],
        "allowUserCollections": True,
        "metadata": metadata_shown(repository),
        "pipelines": [_pipeline(each) for each in repository.pipelines],
        "status": repository.status,
        "createdAt": repository.created.isoformat(),
        "updatedAt": repository.updated.isoformat(),
    }
    if decide(viewer, Verb.CHANGE, repository.thing()).allowed:
        shown |= _store(repository)
    return shown


def collection_shown(reach: Reach) -> Shown:
    """Show a collection."""
    collection = reach.collection
    groups = reach.repository.groups if collection.groups is None else collection.groups
    return {
        "collectionId": collection.id,
        "repositoryId": collection.repository_id,
        "name": collection.name,
        "description": collection.description,
        "embeddingModel": collection.embedding_model,
        "chunkingStrategy": chunking_shown(collection.chunking),
        "allowChunkingOverride": collection.allows_chunking_override,
        "metadata": metadata_shown(collection),
        "allowedGroups": [*sorted(groups)],
        "status": collection.status,
        "createdBy": collection.created_by,
        "createdAt": collection.created.isoformat(),
        "updatedAt": collection.updated.isoformat(),
        "default": collection.is_default,
        "private": collection.private,
    }


def document_shown(document: RagDocument, collection: Collection) -> Shown:
    """Show a document."""
    uploaded = document.source.startswith(UPLOADED)
    return {
        "document_id": document.id,
        "repository_id": document.repository_id,
        "collection_id": document.collection_id,
        "document_name": document.name,
        "source": document.source,
        "username": document.owner,
        "ingestion_type": "manual" if uploaded else "auto",
        "upload_date": milliseconds(document.created),
        "chunk_strategy": chunking_shown(document.chunking or collection.chunking),
        "chunks": document.passages,
        "status": document.status,
        "error_message": document.cause or None,
        "metadata": {"tags": [*document.tags], "customFields": {**document.facts}},
    }


def job_shown(job: Job) -> Shown:
    """Show a job; LISA's are of one document, ours of all that were asked for together."""
    return {
        "id": job.id,
        "jobId": job.id,
        "job_type": job.type,
        "repository_id": job.repository_id,
        "collection_id": job.collection_id,
        "username": job.owner,
        "ingestion_type": "auto" if job.pipeline_id else "manual",
        "status": job_status(job),
        "error_message": job.cause or None,
        "document_count": job.total,
        "completed_count": job.done,
        "failed_count": job.failed,
        "created_date": job.created.isoformat(),
        "updated_date": job.updated.isoformat(),
    }


def job_status(job: Job) -> str:
    """Return how far a job has come, in LISA's words."""
    kind = "DELETE" if job.type in REMOVING else "INGESTION"
    if job.is_over:
        return f"{kind}_FAILED" if job.failed else f"{kind}_COMPLETED"
    return f"{kind}_IN_PROGRESS" if job.done or job.failed else f"{kind}_PENDING"


def chunking_shown(chunking: Chunking) -> Shown:
    """Show how documents are cut."""
    if chunking.strategy is Strategy.NONE:
        return {"type": chunking.strategy}
    return {"type": chunking.strategy, "size": chunking.size, "overlap": chunking.overlap}


def metadata_shown(thing: Repository | Collection | Pipeline) -> Shown:
    """Show what is known of everything in it."""
    return {"tags": [*thing.tags], "customFields": {**thing.facts}}


def milliseconds(moment: datetime) -> int:
    """Return when it was, as LISA counts."""
    return int(moment.timestamp() * 1000)


def _pipeline(pipeline: Pipeline) -> Shown:
    bucket, _, prefix = pipeline.source.removeprefix("s3://").partition("/")
    return {
        "autoRemove": pipeline.auto_remove,
        "chunkingStrategy": chunking_shown(pipeline.chunking) if pipeline.chunking else None,
        "collectionId": pipeline.collection_id,
        "s3Bucket": bucket,
        "s3Prefix": prefix,
        "trigger": pipeline.trigger,
        "metadata": metadata_shown(pipeline),
    }


def _store(repository: Repository) -> Shown:
    store = repository.store
    if not store.address:
        return {}
    if store.kind is StoreKind.OPENSEARCH:
        return {"opensearchConfig": {"endpoint": store.address}}
    place, _, name = store.address.partition("/")
    host, _, port = place.partition(":")
    return {
        "rdsConfig": {
            "dbHost": host,
            "dbPort": int(port) if port.isdigit() else 5432,
            "dbName": name,
            "username": str(store.options.get("username", "postgres")),
            "passwordSecretId": store.credentials.removeprefix("secret:") or None,
        }
    }
