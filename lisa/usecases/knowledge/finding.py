"""Finds documents and files by what LISA's clients name them by: ids alone, and names of files."""

import asyncio
from dataclasses import dataclass
from typing import Final

from lisa.domain.errors import NotFound
from lisa.domain.identity import Principal
from lisa.domain.knowledge.rag_file import RagFile
from lisa.stores.knowledge.documents import DocumentStore
from lisa.usecases.knowledge.access import Reach
from lisa.usecases.knowledge.collections import Collections
from lisa.usecases.knowledge.document_rules import document_not_found
from lisa.usecases.knowledge.files import RagFiles
from lisa.usecases.knowledge.names import FILE_ID, accepted_file_id

COLLECTIONS_AT_ONCE: Final = 50
FILES_AT_ONCE: Final = 100
MOST_PAGES: Final = 20  # of the newest files of somebody


@dataclass(frozen=True)
class Finding:
    """Looks among what a caller may see."""

    collections: Collections
    documents: DocumentStore
    files: RagFiles

    async def collection_of(self, caller: Principal, repository_id: str, document_id: str) -> Reach:
        """Return the collection of this repository that has a document of this id."""
        accepted_file_id(document_id)
        cursor, more = "", True
        while more:
            page, cursor = await self.collections.page(
                caller, limit=COLLECTIONS_AT_ONCE, cursor=cursor, repository_id=repository_id
            )
            entries = await asyncio.gather(
                *(self.documents.by_id(each.collection.uid, document_id) for each in page)
            )
            for reach, entry in zip(page, entries, strict=True):
                if entry:
                    return reach
            more = bool(cursor)
        raise document_not_found(document_id)

    async def file(self, caller: Principal, key: str) -> RagFile:
        """Return the caller's file of this id, or the newest one that was called so."""
        if FILE_ID.fullmatch(key):
            return await self.files.get(caller, key)
        cursor = ""
        for _ in range(MOST_PAGES):
            page, cursor = await self.files.page(caller, FILES_AT_ONCE, cursor)
            for file in page:
                if file.name == key:
                    return file
            if not cursor:
                break
        raise NotFound(
            f"you have uploaded no file {key[:80]}",
            next_step="ask for a link and send it there first",
            code="file_not_found",
        )
