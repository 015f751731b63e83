"""Takes over passages with their vectors from a document of the same content."""

import math
from dataclasses import dataclass
from typing import Final

from lisa.domain.knowledge.passage import Embedded
from lisa.domain.knowledge.rag_document import DocumentStatus, RagDocument
from lisa.ports.clock import Clock
from lisa.stores.knowledge.collections import CollectionStore
from lisa.stores.knowledge.documents import DocumentStore, Entry
from lisa.usecases.knowledge.filling import of_another
from lisa.usecases.knowledge.holding import Holding
from lisa.usecases.knowledge.patience import BATCH
from lisa.usecases.knowledge.recipes import same_vectors
from lisa.usecases.knowledge.shelf import Shelf, Shelves

MOST_LOOKED_AT: Final = 20
LOOKED_EVERY: Final = 0.5
TAKEN_OVER: Final = ("kind", "pages", "characters", "warnings")


@dataclass(frozen=True)
class Copying:
    """Copies between documents of one repository."""

    documents: DocumentStore
    collections: CollectionStore
    shelves: Shelves
    clock: Clock

    async def copy(self, held: Holding, shelf: Shelf) -> bool:
        """Copy from a document that is ready, or that somebody is reading just now."""
        document = held.document
        others = await self.documents.with_digest(
            document.repository_id, document.digest, MOST_LOOKED_AT
        )
        for other in others:
            if _place(other) == _place(held.entry):
                continue
            ready = await self._once_ready(other, held.entry)
            if ready and await self._copied(ready, held, shelf):
                return True
        return False

    async def _once_ready(self, other: Entry, own: Entry) -> Entry | None:
        """Return the other as it is when it is ready, if it ever gets so before this one.

        Of two that are read at the same time, the one that began later waits for the other.
        """
        while _is_worked_on(other, own, self.clock):
            await self.clock.sleep(LOOKED_EVERY)
            again = await self.documents.by_id(other.uid, other.document.id)
            if again is None:
                return None
            other = again
        return other if _is_whole(other.document, own.document) else None

    async def _copied(self, other: Entry, held: Holding, shelf: Shelf) -> bool:
        source = await self._shelf_of(other, shelf)
        if source is None:
            return False
        copied, theirs = 0, other.document
        held.note(expected=theirs.passages)
        while found := await source.of_document(theirs.id, copied, BATCH):
            await shelf.put(
                [Embedded(of_another(each.passage, held.document), each.vector) for each in found]
            )
            copied += len(found)
            held.note(passages=copied)
        now = await self.documents.by_id(other.uid, theirs.id)
        if now is None or copied != theirs.passages or not _is_whole(now.document, held.document):
            held.note(expected=0)
            return False
        await shelf.keep(held.document.id, copied)
        taken = {name: getattr(theirs, name) for name in TAKEN_OVER}
        held.note(passages=copied, expected=copied, **taken)
        return True

    async def _shelf_of(self, other: Entry, shelf: Shelf) -> Shelf | None:
        document = other.document
        found = await self.collections.by_id(document.repository_id, document.collection_id)
        if found is None or found.uid != other.uid or not found.dimension:
            return None
        same = found.embedding_model == shelf.collection.embedding_model
        return await self.shelves.of(found) if same else None


def _place(entry: Entry) -> tuple[str, str]:
    return entry.uid, entry.document.id


def _is_worked_on(other: Entry, own: Entry, clock: Clock) -> bool:
    document = other.document
    return (
        document.status is DocumentStatus.WORKING
        and _has_same(document, own.document)
        and other.due is not None
        and other.due > clock.now()
        and _began(other) < _began(own)
    )


def _began(entry: Entry) -> tuple[float, str, str]:
    began = entry.since.timestamp() if entry.since else math.inf
    return began, *_place(entry)


def _is_whole(other: RagDocument, own: RagDocument) -> bool:
    ready = other.status is DocumentStatus.READY and 0 < other.passages == other.expected
    return ready and _has_same(other, own)


def _has_same(other: RagDocument, own: RagDocument) -> bool:
    return other.digest == own.digest and same_vectors(other.recipe, own.recipe)
