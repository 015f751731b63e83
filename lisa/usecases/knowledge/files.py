"""Files of their owners, out of which documents of collections are made."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Final

from lisa.domain.conflicts import overtaken
from lisa.domain.errors import ConditionFailed
from lisa.domain.identity import Principal
from lisa.domain.knowledge.job import JobType
from lisa.domain.knowledge.rag_document import RagDocument
from lisa.domain.knowledge.rag_file import LARGEST_FILE, RagFile
from lisa.domain.policy import Kind, Thing, Verb, require
from lisa.ports.blobs import Blobs
from lisa.ports.clock import Clock
from lisa.ports.ids import Ids
from lisa.stores.knowledge.collections import CollectionStore
from lisa.stores.knowledge.documents import DocumentStore
from lisa.stores.knowledge.files import FileStore
from lisa.usecases.files import LINK_LIFE, Link
from lisa.usecases.knowledge.names import FILE, accepted_file_id, timed_id
from lisa.usecases.knowledge.orders import Orders, Wanted, file_not_found
from lisa.usecases.knowledge.standing import removing
from lisa.usecases.knowledge.uploads import Upload, UploadLink, checked_file, too_large

MOST_TRIES: Final = 20
USUAL_PURPOSE: Final = "assistants"


@dataclass(frozen=True)
class RagFiles:
    """What a caller can do with own files. Nobody else sees them."""

    files: FileStore
    documents: DocumentStore
    collections: CollectionStore
    orders: Orders
    blobs: Blobs
    clock: Clock
    ids: Ids

    async def add(
        self,
        caller: Principal,
        name: str,
        content_type: str,
        content: AsyncIterator[bytes],
        purpose: Callable[[], str] = lambda: USUAL_PURPOSE,
    ) -> RagFile:
        """Keep a file whose content comes piece by piece; its purpose is known behind that.

        It is written down beforehand as one to be removed, so that what a killed process leaves is
        found.
        """
        file_id = self._new(caller)
        draft = self._file(caller, file_id, Upload(name, 1, content_type), removed=True)
        async with AsyncExitStack() as undo:
            await self.files.add(draft)
            undo.push_async_callback(self._forget, draft)
            size = await self.blobs.write(draft.key, _bounded(content), draft.content_type)
            upload = Upload(name, size, content_type)
            whole = {"kept": True, "whole": True, "purpose": purpose()}
            file = await self.files.change(draft, self._file(caller, file_id, upload, **whole))
            undo.pop_all()
        return file

    async def upload_link(
        self, caller: Principal, upload: Upload, *, kept: bool = True
    ) -> UploadLink:
        """Give out a link that takes exactly this file."""
        file_id = self._new(caller)
        file = self._file(caller, file_id, upload, kept=kept)
        seconds = int(LINK_LIFE.total_seconds())
        url = await self.blobs.write_link(file.key, file.content_type, file.size, seconds)
        await self.files.add(file)
        return UploadLink(file_id, url, self.clock.now() + LINK_LIFE)

    async def page(self, caller: Principal, limit: int, cursor: str) -> tuple[list[RagFile], str]:
        """List the caller's files, newest first; a page may be short and yet not be the last."""
        require(caller, Verb.LIST, Thing(Kind.DOCUMENT, owner=caller.subject))
        found, cursor = await self.files.page(caller.subject, limit, cursor)
        return [file for file in found if not file.removed], cursor

    async def get(self, caller: Principal, file_id: str) -> RagFile:
        """Return the caller's file of this id."""
        require(caller, Verb.READ, Thing(Kind.DOCUMENT, file_id, caller.subject))
        file = await self.files.by_id(caller.subject, accepted_file_id(file_id))
        if file is None or file.removed:
            raise file_not_found(file_id)
        return file

    async def content(self, caller: Principal, file_id: str) -> Link:
        """Give out a link to read the file."""
        file = await self.get(caller, file_id)
        url = await self.blobs.read_link(file.key, int(LINK_LIFE.total_seconds()))
        return Link(file.id, url, self.clock.now() + LINK_LIFE)

    async def remove(self, caller: Principal, file_id: str) -> None:
        """Remove a file, and the documents that were made of it; doing it again is no failure."""
        require(caller, Verb.DELETE, Thing(Kind.DOCUMENT, file_id, caller.subject))
        for tried in range(MOST_TRIES):
            file = await self.files.by_id(caller.subject, accepted_file_id(file_id))
            if file is None and tried:
                return  # it went meanwhile
            if file is None:
                raise file_not_found(file_id)
            try:
                if not file.removed:
                    marked = file.model_copy(update={"removed": True})
                    file = await self.files.change(file, marked)
                await self._remove(file)
            except ConditionFailed:
                continue
            return
        raise overtaken("the file")

    async def _remove(self, file: RagFile) -> None:
        """Let its documents go, the last of which takes it along; without any, do so here."""
        for uid in file.places:
            entry = await self.documents.by_id(uid, file.id)
            if entry:
                await self._remove_from(uid, entry.document)
        if not file.places:
            await self._forget(file)

    async def _forget(self, file: RagFile) -> None:
        await self.blobs.delete(file.key)
        await self.files.remove(file)

    async def _remove_from(self, uid: str, document: RagDocument) -> None:
        collection = await self.collections.by_id(document.repository_id, document.collection_id)
        if collection and collection.uid == uid:
            job = await self.orders.begin(collection, JobType.DELETE, document.owner)
            await self.orders.place(job, uid, [Wanted(document.id, removing)])

    def _new(self, caller: Principal) -> str:
        require(caller, Verb.CREATE, Thing(Kind.DOCUMENT, owner=caller.subject))
        return timed_id(self.ids, self.clock, FILE)

    def _file(self, caller: Principal, file_id: str, upload: Upload, **more: object) -> RagFile:
        now = self.clock.now()
        return checked_file(caller.subject, file_id, upload, now, **more)


async def _bounded(content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    size = 0
    async for piece in content:
        size += len(piece)
        if size > LARGEST_FILE:
            raise too_large()
        yield piece
