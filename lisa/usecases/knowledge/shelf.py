"""A collection's place in its store, made when the first vectors come."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from lisa.domain.conflicts import overtaken
from lisa.domain.errors import ConditionFailed, Invalid
from lisa.domain.knowledge.passage import Embedded
from lisa.domain.knowledge.repository import Collection, CollectionStatus
from lisa.ports.vectors import Space, Stores, Vectors
from lisa.stores.knowledge.collections import CollectionStore
from lisa.usecases.knowledge.spaces import space_of

MOST_TRIES: Final = 20


@dataclass
class Shelf:
    """One collection's place, as somebody who loads a document sees it."""

    store: Vectors
    collection: Collection
    _shelves: "Shelves"

    async def put(self, passages: Sequence[Embedded]) -> None:
        """Store passages, each in the place of one with the same id."""
        if not self.collection.dimension:
            await self._make(len(passages[0].vector))
        await self.store.put(space_of(self.collection), passages)

    async def of_document(self, document_id: str, first: int, limit: int) -> list[Embedded]:
        """Return a document's passages in order, from an ordinal on."""
        if not self.collection.dimension:
            return []
        return await self.store.of_document(space_of(self.collection), document_id, first, limit)

    async def keep(self, document_id: str, ordinals: int) -> None:
        """Remove a document's passages from this ordinal on."""
        if self.collection.dimension:
            await self.store.keep(space_of(self.collection), document_id, ordinals)

    async def _make(self, dimension: int) -> None:
        """Make room, then say so: who reads of a dimension can rely on the room."""
        async with self._shelves.making:
            old = self.collection
            for _ in range(MOST_TRIES):
                now = await self._shelves.collections.by_id(old.repository_id, old.id)
                if now is None or now.uid != old.uid or now.status is CollectionStatus.DELETING:
                    raise ConditionFailed
                if now.dimension not in {0, dimension}:
                    raise _other_dimension(now, dimension)
                if not now.dimension:
                    await self.store.make(Space(now.uid, dimension, now.language))
                    now = await self._said(now, dimension)
                if now:
                    self.collection = now
                    return
        raise overtaken("the collection")

    async def _said(self, collection: Collection, dimension: int) -> Collection | None:
        new = collection.model_copy(update={"dimension": dimension})
        try:
            return await self._shelves.collections.change(collection, new)
        except ConditionFailed:
            return None


@dataclass(frozen=True)
class Shelves:
    """Finds the places of collections."""

    stores: Stores
    collections: CollectionStore
    making: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def of(self, collection: Collection) -> Shelf:
        """Return a collection's place; raise `Unavailable` where its store can't be reached."""
        return Shelf(await self.stores.of(collection.repository_id), collection, self)


def _other_dimension(collection: Collection, dimension: int) -> Invalid:
    return Invalid(
        f"the model {collection.embedding_model} makes vectors of {dimension} numbers, those of "
        f"the collection have {collection.dimension}",
        next_step="let the model be what it was, or make a new collection",
        code="dimension_differs",
    )
