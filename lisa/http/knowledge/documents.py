"""Documents of a collection: `/repositories/{r}/collections/{c}/documents`, and their uploads."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query

from lisa.domain.identity import Principal
from lisa.domain.knowledge.rag_document import DocumentStatus
from lisa.domain.policy import Verb
from lisa.http.knowledge.door import (
    IF_ADDED_TO,
    CollectionPath,
    DocumentPath,
    RepositoryPath,
    Turned,
    Uses,
    knowledge_router,
)
from lisa.http.knowledge.work import (
    ContentOut,
    DocumentOut,
    DocumentPage,
    DocumentUploadOut,
    IngestIn,
    IngestOut,
    JobOut,
    OneJob,
    PassageOut,
    PassagesOut,
    RemovalIn,
    RetryIn,
    UploadIn,
)
from lisa.http.services import Caller, KnowledgeServices
from lisa.usecases.knowledge.access import Reach
from lisa.usecases.knowledge.documents import Listing
from lisa.usecases.knowledge.uploads import Upload

PLACE = "/repositories/{repository_id}/collections/{collection_id}"
MOST_PASSAGES = 200
router = knowledge_router()


@router.post(PLACE + "/uploads", status_code=201, dependencies=IF_ADDED_TO)
async def upload(
    uses: Uses,
    caller: Caller,
    repository_id: RepositoryPath,
    collection_id: CollectionPath,
    wanted: UploadIn,
) -> DocumentUploadOut:
    """Announce a file; PUT exactly its bytes to the link, then ask that it is ingested."""
    announced = Upload(
        wanted.name, wanted.size, wanted.content_type, wanted.tags, dict(wanted.facts)
    )
    link = await uses.documents.upload(caller, repository_id, collection_id, announced)
    return DocumentUploadOut.model_validate(link, from_attributes=True)


@router.post(PLACE + "/documents", status_code=202, dependencies=IF_ADDED_TO)
async def ingest(
    uses: Uses,
    caller: Caller,
    repository_id: RepositoryPath,
    collection_id: CollectionPath,
    wanted: IngestIn,
) -> IngestOut:
    """Have files of yours that were uploaded made into documents; all of them, or none."""
    job, found = await uses.documents.ingest(
        caller, repository_id, collection_id, wanted.document_ids, wanted.chunking
    )
    reach = await _reach(uses, caller, repository_id, collection_id)
    shown = [DocumentOut.of(each, caller, reach) for each in found]
    return IngestOut(job=JobOut.of(job), documents=shown)


@dataclass(frozen=True)
class Sought:
    """Which documents are asked for."""

    status: DocumentStatus | None = None
    name: Annotated[str, Query(max_length=255, description="What its name has in it.")] = ""
    owner: Annotated[str, Query(max_length=128)] = ""


@router.get(PLACE + "/documents")
async def page(
    uses: Uses,
    caller: Caller,
    turn: Turned,
    repository_id: RepositoryPath,
    collection_id: CollectionPath,
    sought: Annotated[Sought, Depends()],
) -> DocumentPage:
    """List documents, newest first; a page may be short and yet not be the last."""
    listing = Listing(sought.status, sought.name, sought.owner, turn.limit, turn.cursor)
    found, go_on = await uses.documents.page(caller, repository_id, collection_id, listing)
    turn.lead_on(go_on, status=sought.status or "", name=sought.name, owner=sought.owner)
    reach = await _reach(uses, caller, repository_id, collection_id)
    shown = [DocumentOut.of(each, caller, reach) for each in found]
    return DocumentPage(documents=shown, next_cursor=go_on)


@router.post(PLACE + "/documents/removal", status_code=202)
async def remove_many(
    uses: Uses,
    caller: Caller,
    repository_id: RepositoryPath,
    collection_id: CollectionPath,
    wanted: RemovalIn,
) -> OneJob:
    """Have documents removed; all of them, or none."""
    ids = wanted.document_ids
    job = await uses.documents.remove(caller, repository_id, collection_id, ids)
    return OneJob(job=JobOut.of(job))


@router.post(PLACE + "/documents/retry", status_code=202)
async def retry(
    uses: Uses,
    caller: Caller,
    repository_id: RepositoryPath,
    collection_id: CollectionPath,
    wanted: RetryIn,
) -> OneJob:
    """Have documents that failed tried again."""
    ids = wanted.document_ids
    job = await uses.documents.retry(caller, repository_id, collection_id, ids)
    return OneJob(job=JobOut.of(job))


@router.get(PLACE + "/documents/{document_id}")
async def get(
    uses: Uses,
    caller: Caller,
    repository_id: RepositoryPath,
    collection_id: CollectionPath,
    document_id: DocumentPath,
) -> DocumentOut:
    """Return a document, as far as it has come."""
    found = await uses.documents.get(caller, repository_id, collection_id, document_id)
    reach = await _reach(uses, caller, repository_id, collection_id)
    return DocumentOut.of(found, caller, reach)


@router.delete(PLACE + "/documents/{document_id}", status_code=202)
async def remove(
    uses: Uses,
    caller: Caller,
    repository_id: RepositoryPath,
    collection_id: CollectionPath,
    document_id: DocumentPath,
) -> OneJob:
    """Have a document removed."""
    job = await uses.documents.remove(caller, repository_id, collection_id, [document_id])
    return OneJob(job=JobOut.of(job))


@router.get(PLACE + "/documents/{document_id}/content")
async def content(
    uses: Uses,
    caller: Caller,
    repository_id: RepositoryPath,
    collection_id: CollectionPath,
    document_id: DocumentPath,
) -> ContentOut:
    """Give out a link to the document's file."""
    link = await uses.documents.content(caller, repository_id, collection_id, document_id)
    return ContentOut(url=link.url, expires=link.expires)


@router.get(PLACE + "/documents/{document_id}/passages")
async def passages(
    uses: Uses,
    caller: Caller,
    repository_id: RepositoryPath,
    collection_id: CollectionPath,
    document_id: DocumentPath,
    first: Annotated[int, Query(ge=0, le=10**7, description="The first one's ordinal.")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_PASSAGES)] = 50,
) -> PassagesOut:
    """Return passages of a document, in their order."""
    found = await uses.documents.passages(
        caller, repository_id, collection_id, document_id, first, limit
    )
    return PassagesOut(passages=[PassageOut.of(each) for each in found])


async def _reach(
    uses: KnowledgeServices, caller: Principal, repository_id: str, collection_id: str
) -> Reach:
    return await uses.access.collection(caller, repository_id, collection_id, Verb.READ)
