"""Documents as LISA's clients know them, below `/repository`, success always 200."""

from typing import Annotated, Final

from fastapi import Query, Request
from pydantic import Field

from lisa.domain.errors import Invalid
from lisa.domain.knowledge.names import FileName
from lisa.http.knowledge.door import (
    IF_ADDED_TO,
    DocumentPath,
    RepositoryPath,
    Uses,
    knowledge_router,
)
from lisa.http.knowledge.lisa_schemas import ChunkingIn, LisaBody, MetadataIn, in_repository
from lisa.http.knowledge.lisa_shown import Shown, document_shown, job_shown, job_status
from lisa.http.services import Caller
from lisa.usecases.knowledge.documents import Listing

MOST_AT_ONCE: Final = 1000
A_NAME: Final = {"required": True, "content": {"text/plain": {"schema": {"type": "string"}}}}
OurId = Annotated[str, Query(alias="collectionId", max_length=512)]
router = knowledge_router("knowledge, as in LISA")


class NamedModel(LisaBody):
    """A model by its id."""

    model_name: Annotated[str, Field(max_length=512)] = ""


class Bulk(LisaBody):
    """Files that were uploaded, to become documents."""

    keys: Annotated[list[FileName], Field(min_length=1, max_length=MOST_AT_ONCE)]
    collection_id: Annotated[str, Field(max_length=512)] | None = None
    embedding_model: NamedModel | None = None
    chunking_strategy: ChunkingIn | None = None
    metadata: MetadataIn | None = None


class Removal(LisaBody):
    """Documents to remove."""

    document_ids: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=128)]],
        Field(min_length=1, max_length=MOST_AT_ONCE),
    ]


@router.post(
    "/repository/presigned-url", openapi_extra={"requestBody": A_NAME}, dependencies=IF_ADDED_TO
)
async def presigned_url(uses: Uses, caller: Caller, request: Request) -> dict[str, Shown]:
    """Give out a form by which a file of yours is uploaded; where it lies is our choice.

    The body is its name, as it is or in quotes, by which `bulk` then finds it among your files.
    """
    form = await uses.lisa_uploads.begin(caller, _name_in(await request.body()))
    return {"response": {"url": form.url, "fields": {**form.fields}}}


@router.post("/repository/{repository_id}/bulk", dependencies=IF_ADDED_TO)
async def ingest(
    uses: Uses,
    caller: Caller,
    repository_id: RepositoryPath,
    wanted: Bulk,
    chunk_size: Annotated[int | None, Query(alias="chunkSize", ge=100, le=10_000)] = None,
    chunk_overlap: Annotated[int | None, Query(alias="chunkOverlap", ge=0, le=5_000)] = None,
    collection_id: OurId = "",
) -> Shown:
    """Have files of yours that were uploaded made into documents."""
    repository = await uses.repositories.get(caller, repository_id)
    model = wanted.embedding_model.model_name if wanted.embedding_model else ""
    into = in_repository(wanted.collection_id or collection_id or model, repository)
    sent = wanted.chunking_strategy
    if sent is None and chunk_size is not None:
        sent = ChunkingIn.model_validate(
            {"type": "fixed", "size": chunk_size, "overlap": chunk_overlap}
        )
    about = wanted.metadata or MetadataIn()
    files = [
        await uses.lisa_uploads.settle(caller, key, about.tags, about.custom_fields)
        for key in wanted.keys
    ]
    job, documents = await uses.documents.ingest(
        caller, repository.id, into, [each.id for each in files], sent.chunking() if sent else None
    )
    reach = await uses.collections.get(caller, repository.id, into)
    status = job_status(job)
    return {
        "jobs": [
            {"jobId": job.id, "documentId": each.id, "status": status, "s3Path": each.source}
            for each in documents
        ],
        "collectionId": into,
        "collectionName": reach.collection.name,
    }


@router.get("/repository/{repository_id}/document")
async def page(
    uses: Uses,
    caller: Caller,
    repository_id: RepositoryPath,
    collection_id: OurId = "",
    page_size: Annotated[int, Query(alias="pageSize", ge=1, le=100)] = 10,
    after: Annotated[str, Query(alias="lastEvaluatedKeyDocumentId", max_length=4096)] = "",
) -> Shown:
    """List the documents of a collection, newest first; `lastEvaluated` leads on."""
    repository = await uses.repositories.get(caller, repository_id)
    into = in_repository(collection_id, repository)
    reach = await uses.collections.get(caller, repository.id, into)
    listing = Listing(limit=page_size, cursor=after)
    found, go_on = await uses.documents.page(caller, repository.id, into, listing)
    held = await uses.collections.contents(caller, repository.id, into)
    last: Shown = {
        "pk": f"{repository.id}#{into}",
        "document_id": go_on,
        "repository_id": repository.id,
    }
    return {
        "documents": [document_shown(each, reach.collection) for each in found],
        "lastEvaluated": last if go_on else None,
        "totalDocuments": held.documents if go_on or after else len(found),
        "hasNextPage": bool(go_on),
        "hasPreviousPage": bool(after),
    }


@router.delete("/repository/{repository_id}/document")
async def remove(
    uses: Uses,
    caller: Caller,
    repository_id: RepositoryPath,
    wanted: Removal,
    collection_id: OurId = "",
) -> dict[str, list[Shown]]:
    """Have documents removed; all of them, or none."""
    repository = await uses.repositories.get(caller, repository_id)
    ids = wanted.document_ids
    into = in_repository(collection_id, repository)
    if not collection_id:
        into = (await uses.finding.collection_of(caller, repository.id, ids[0])).collection.id
    job = await uses.documents.remove(caller, repository.id, into, ids)
    return {"jobs": [job_shown(job) | {"documentId": each} for each in ids]}


@router.get("/repository/{repository_id}/{document_id}/download")
async def download(
    uses: Uses, caller: Caller, repository_id: RepositoryPath, document_id: DocumentPath
) -> str:
    """Give out a link to the document's file."""
    reach = await uses.finding.collection_of(caller, repository_id, document_id)
    found = reach.collection
    return (await uses.documents.content(caller, repository_id, found.id, document_id)).url


@router.get("/repository/{repository_id}/{document_id}")
async def get(
    uses: Uses, caller: Caller, repository_id: RepositoryPath, document_id: DocumentPath
) -> Shown:
    """Return a document of this repository."""
    reach = await uses.finding.collection_of(caller, repository_id, document_id)
    found = reach.collection
    document = await uses.documents.get(caller, repository_id, found.id, document_id)
    return document_shown(document, found)


def _name_in(body: bytes) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise Invalid("the name is no UTF-8", code="bad_upload") from error
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
