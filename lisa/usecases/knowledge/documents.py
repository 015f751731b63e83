"""What callers can do with the documents of a collection: bring in, look at, try again, remove."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from lisa.domain.errors import NotFound
from lisa.domain.identity import Principal
from lisa.domain.knowledge.chunking import Chunking
from lisa.domain.knowledge.job import Job, JobType
from lisa.domain.knowledge.names import Facts
from lisa.domain.knowledge.passage import Passage
from lisa.domain.knowledge.rag_document import DocumentStatus, RagDocument
from lisa.domain.knowledge.rag_file import RagFile
from lisa.domain.policy import Verb, decide, require
from lisa.ports.blobs import Blobs
from lisa.ports.clock import Clock
from lisa.ports.table import MAX_PAGE
from lisa.ports.vectors import Stores
from lisa.stores.knowledge.documents import DocumentStore, Entry
from lisa.stores.knowledge.files import FileStore
from lisa.usecases.files import LINK_LIFE, Link
from lisa.usecases.knowledge.access import Access, Reach
from lisa.usecases.knowledge.document_rules import (
    accepted_ids,
    any_document,
    document_not_found,
    not_uploaded,
    refuse_other_chunking,
    thing_of,
)
from lisa.usecases.knowledge.files import RagFiles
from lisa.usecases.knowledge.jobs import RagJobs
from lisa.usecases.knowledge.names import accepted_file_id
from lisa.usecases.knowledge.orders import Orders, Wanted, file_not_found
from lisa.usecases.knowledge.spaces import space_of
from lisa.usecases.knowledge.standing import ingesting, removing, retrying
from lisa.usecases.knowledge.uploads import Upload, UploadLink

MOST_PASSAGES: Final = 200
NO_FACTS: Final[Mapping[str, Facts]] = MappingProxyType({})
READ_AT_ONCE: Final = 100
MOST_READS: Final = 20  # for one page, where only some of what is read is wanted
LOOKED_AT_ONCE: Final = 16
FAILED: Final = frozenset({DocumentStatus.FAILED, DocumentStatus.DELETE_FAILED})


@dataclass(frozen=True)
class Listing:
    """Which documents are wanted; `name` is a part of theirs, in any case of letters."""

    status: DocumentStatus | None = None
    name: str = ""
    owner: str = ""
    limit: int = 50
    cursor: str = ""

    def has(self, document: RagDocument) -> bool:
        """Tell whether this is one of them."""
        return (
            (self.status is None or document.status is self.status)
            and (not self.owner or document.owner == self.owner)
            and self.name.casefold() in document.name.casefold()
        )


@dataclass(frozen=True)
class RagDocuments:
    """The documents of collections."""

    access: Access
    documents: DocumentStore
    files: FileStore
    uploads: RagFiles
    orders: Orders
    stores: Stores
    blobs: Blobs
    clock: Clock
    shown_jobs: RagJobs

    async def upload(
        self, caller: Principal, repository_id: str, collection_id: str, upload: Upload
    ) -> UploadLink:
        """Give out a link that takes exactly this file; `ingest` then makes a document of it."""
        await self._bringing_in(caller, repository_id, collection_id)
        return await self.uploads.upload_link(caller, upload, kept=False)

    async def ingest(
        self,
        caller: Principal,
        repository_id: str,
        collection_id: str,
        wanted: Sequence[str],
        chunking: Chunking | None = None,
        facts: Mapping[str, Facts] = NO_FACTS,
    ) -> tuple[Job, list[RagDocument]]:
        """Have documents made of own files that were uploaded; all of them, or none.

        `facts` are those of documents that aren't to have their file's, or those they had.
        """
        ids = accepted_ids(wanted)
        reach = await self._bringing_in(caller, repository_id, collection_id)
        refuse_other_chunking(reach, chunking)
        files = await self._uploaded(caller, ids)
        collection, now = reach.collection, self.clock.now()

        def made_of(file: RagFile) -> Wanted:
            return Wanted(
                file.id,
                lambda old: ingesting(old, collection, file, chunking, now, facts.get(file.id)),
                file_of=caller.subject,
            )

        kind = JobType.INGEST if len(ids) == 1 else JobType.INGEST_MANY
        job = await self.orders.begin(collection, kind, caller.subject)
        return await self.orders.place(job, collection.uid, [made_of(files[each]) for each in ids])

    async def get(
        self, caller: Principal, repository_id: str, collection_id: str, document_id: str
    ) -> RagDocument:
        """Return a document as far as it has come."""
        reach = await self._reading(caller, repository_id, collection_id)
        return (await self._entry(caller, reach, document_id)).document

    async def page(
        self, caller: Principal, repository_id: str, collection_id: str, listing: Listing
    ) -> tuple[list[RagDocument], str]:
        """List documents, newest uploads first; a page may be short and yet not be the last."""
        reach = await self._reading(caller, repository_id, collection_id)
        require(caller, Verb.LIST, any_document(reach))
        found: list[RagDocument] = []
        last = accepted_file_id(listing.cursor) if listing.cursor else ""
        for _ in range(MOST_READS):
            entries = await self.documents.page(reach.collection.uid, READ_AT_ONCE, last)
            for document in (each.document for each in entries if each.document.id != last):
                if len(found) == listing.limit:
                    return found, last
                if listing.has(document):
                    found.append(document)
                last = document.id
            if len(entries) < READ_AT_ONCE:
                return found, ""
        return found, last

    async def remove(
        self, caller: Principal, repository_id: str, collection_id: str, ids: Sequence[str]
    ) -> Job:
        """Have documents removed, with what was uploaded for them; all of them, or none."""
        ids = accepted_ids(ids)
        reach = await self._reading(caller, repository_id, collection_id)
        await self._require_each(caller, reach, ids, Verb.DELETE)
        kind = JobType.DELETE if len(ids) == 1 else JobType.DELETE_MANY
        return await self._placed(caller, reach, kind, [Wanted(each, removing) for each in ids])

    async def retry(
        self,
        caller: Principal,
        repository_id: str,
        collection_id: str,
        ids: Sequence[str] | None = None,
    ) -> Job:
        """Have failed documents tried again: these, or all that are the caller's to change."""
        reach = await self.access.collection(caller, repository_id, collection_id, Verb.USE)
        if ids is None:
            ids = await self._failed(caller, reach)
        else:
            ids = accepted_ids(ids)
            await self._require_each(caller, reach, ids, Verb.CHANGE)
        wanted = [Wanted(each, retrying) for each in ids]
        return await self._placed(caller, reach, JobType.INGEST_MANY, wanted)

    async def content(
        self, caller: Principal, repository_id: str, collection_id: str, document_id: str
    ) -> Link:
        """Give out a link to read what was uploaded."""
        document = await self.get(caller, repository_id, collection_id, document_id)
        if not document.key:
            raise NotFound(
                "LISA keeps no copy of this document",
                next_step=f"look at its source: {document.source}",
                code="content_at_source",
            )
        url = await self.blobs.read_link(document.key, int(LINK_LIFE.total_seconds()))
        return Link(document.id, url, self.clock.now() + LINK_LIFE)

    async def passages(
        self,
        caller: Principal,
        repository_id: str,
        collection_id: str,
        document_id: str,
        first: int = 0,
        limit: int = 50,
    ) -> list[Passage]:
        """Return passages of a document in order, from an ordinal on."""
        reach = await self._reading(caller, repository_id, collection_id)
        await self._entry(caller, reach, document_id)
        if not reach.collection.dimension:
            return []
        store = await self.stores.of(reach.repository.id)
        limit = max(1, min(limit, MOST_PASSAGES))
        found = await store.of_document(space_of(reach.collection), document_id, first, limit)
        return [each.passage for each in found]

    async def job(self, caller: Principal, repository_id: str, job_id: str) -> Job:
        """Return a job, as far as it has come."""
        return await self.shown_jobs.get(caller, repository_id, job_id)

    async def jobs(
        self, caller: Principal, repository_id: str, limit: int, cursor: str
    ) -> tuple[list[Job], str]:
        """List jobs, newest first."""
        return await self.shown_jobs.page(caller, repository_id, limit, cursor)

    async def _bringing_in(
        self, caller: Principal, repository_id: str, collection_id: str
    ) -> Reach:
        reach = await self.access.collection(caller, repository_id, collection_id, Verb.USE)
        require(caller, Verb.CREATE, any_document(reach))
        return reach

    async def _reading(self, caller: Principal, repository_id: str, collection_id: str) -> Reach:
        return await self.access.collection(caller, repository_id, collection_id, Verb.READ)

    async def _entry(self, caller: Principal, reach: Reach, document_id: str) -> Entry:
        entry = await self.documents.by_id(reach.collection.uid, accepted_file_id(document_id))
        if entry is None:
            raise document_not_found(document_id)
        require(caller, Verb.READ, thing_of(reach, entry.document))
        return entry

    async def _require_each(
        self, caller: Principal, reach: Reach, ids: Sequence[str], verb: Verb
    ) -> None:
        found = await self.documents.get_many(reach.collection.uid, ids)
        for each in ids:
            if each not in found:
                raise document_not_found(each)
            require(caller, verb, thing_of(reach, found[each].document))

    async def _failed(self, caller: Principal, reach: Reach) -> list[str]:
        """Return what has failed and is the caller's to change."""
        found: dict[str, RagDocument] = {}
        last, more = "", True
        while more:
            entries = await self.documents.page(reach.collection.uid, MAX_PAGE, last)
            found |= {
                each.document.id: each.document
                for each in entries
                if each.document.status in FAILED
            }
            more = len(entries) == MAX_PAGE
            last = entries[-1].document.id if entries else ""
        return [
            each.id
            for each in found.values()
            if decide(caller, Verb.CHANGE, thing_of(reach, each)).allowed
        ]

    async def _placed(
        self, caller: Principal, reach: Reach, kind: JobType, wanted: Sequence[Wanted]
    ) -> Job:
        job = await self.orders.begin(reach.collection, kind, caller.subject)
        return (await self.orders.place(job, reach.collection.uid, wanted))[0]

    async def _uploaded(self, caller: Principal, ids: Sequence[str]) -> dict[str, RagFile]:
        """Return the caller's files; refuse where one isn't there, or not whole."""
        files = await self.files.get_many(caller.subject, ids)
        for each in ids:
            if each not in files or files[each].removed:
                raise file_not_found(each)
        slots = asyncio.Semaphore(LOOKED_AT_ONCE)

        async def look(file: RagFile) -> None:
            async with slots:
                size = await self.blobs.size(file.key)
            if size != file.size:
                raise not_uploaded(file, size)

        await asyncio.gather(*(look(each) for each in files.values()))
        return files
