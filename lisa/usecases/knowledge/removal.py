"""Removes documents with all there is of them: passages, what was uploaded for them, their rows."""

from dataclasses import dataclass
from typing import Final

from lisa.domain.conflicts import overtaken
from lisa.domain.errors import ConditionFailed
from lisa.domain.knowledge.rag_document import DocumentStatus
from lisa.domain.knowledge.rag_file import RagFile
from lisa.domain.knowledge.repository import Collection
from lisa.ports.blobs import Blobs
from lisa.ports.table import Step
from lisa.stores.knowledge.documents import Entry, entry_removed
from lisa.stores.knowledge.files import FileStore, file_changed, file_removed
from lisa.stores.knowledge.jobs import Tally
from lisa.usecases.knowledge.holding import Holding
from lisa.usecases.knowledge.settling import Settling
from lisa.usecases.knowledge.shelf import Shelves

MOST_TRIES: Final = 20
THE_DOCUMENT: Final = 0  # the first step of what forgets one


@dataclass(frozen=True)
class Removal:
    """Removes what is to be removed. Doing any of it again changes nothing."""

    shelves: Shelves
    files: FileStore
    blobs: Blobs
    settling: Settling

    async def empty(self, held: Holding, collection: Collection) -> None:
        """Remove a document's passages."""
        await held.tell(status=DocumentStatus.DELETING)
        shelf = await self.shelves.of(collection)
        await shelf.keep(held.document.id, 0)

    async def forget(self, entry: Entry, tally: Tally) -> None:
        """Forget a document none of whose passages is left, and what was uploaded for it alone.

        `ConditionFailed` where somebody changed the document meanwhile.
        """
        for _ in range(MOST_TRIES):
            file = await self._freed(entry)
            steps: list[Step] = [entry_removed(entry), *_left(file, entry.uid)]
            try:
                await self.settling.count(steps, entry.document, tally)
            except ConditionFailed as failure:
                if THE_DOCUMENT in failure.failed:
                    raise
                continue
            return
        raise overtaken("the file of a document")

    async def _freed(self, entry: Entry) -> RagFile | None:
        """Return the file, its content gone if nothing else needs it."""
        document = entry.document
        file = await self.files.by_id(document.owner, document.id) if document.key else None
        if file is None or not _is_last(file, entry.uid):
            return file
        if not file.removed:
            try:  # so that nobody makes a document of what is going away
                file = await self.files.change(file, file.model_copy(update={"removed": True}))
            except ConditionFailed:
                return await self._freed(entry)
        await self.blobs.delete(file.key)
        return file


def _is_last(file: RagFile, uid: str) -> bool:
    return {*file.places} <= {uid} and (file.removed or not file.kept)


def _left(file: RagFile | None, uid: str) -> list[Step]:
    if file is None:
        return []
    if _is_last(file, uid):
        return [file_removed(file)]
    places = tuple(each for each in file.places if each != uid)
    return [file_changed(file, file.model_copy(update={"places": places}))]
