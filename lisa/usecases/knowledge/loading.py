"""Makes a document findable: fetch it, see whether anything is to be done, copy it or read it."""

import asyncio
from dataclasses import dataclass, field

from lisa.domain.errors import Invalid
from lisa.domain.knowledge.rag_document import DocumentStatus, RagDocument
from lisa.domain.knowledge.repository import Collection
from lisa.usecases.knowledge.copying import Copying
from lisa.usecases.knowledge.fetching import Fetched, Fetching
from lisa.usecases.knowledge.filling import Filling
from lisa.usecases.knowledge.holding import Holding
from lisa.usecases.knowledge.recipes import recipe_of
from lisa.usecases.knowledge.shelf import Shelves


@dataclass(frozen=True)
class Loading:
    """Loads documents."""

    fetching: Fetching
    shelves: Shelves
    copying: Copying
    filling: Filling
    beginning: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def load(self, held: Holding, collection: Collection) -> bool:
        """Load one; tell whether nothing was to be done. Its passages are whole after that."""
        shelf = await self.shelves.of(collection)
        async with self.fetching.fetched(held.document) as content:
            if not content.size:
                raise Invalid(
                    "the file is empty", next_step="bring one with content", code="empty_file"
                )
            before, recipe = held.document, recipe_of(held.document, collection)
            if _is_done(before, content, recipe):
                await shelf.keep(before.id, before.passages)
                return True
            await self._begin(held, content, recipe)
            if not await self.copying.copy(held, shelf):
                await self.filling.fill(held, shelf, content.file, anew=bool(before.digest))
        return False

    async def _begin(self, held: Holding, content: Fetched, recipe: str) -> None:
        """Tell of it one after the other, so that of two with one content the later sees both."""
        about = {"digest": content.digest, "recipe": recipe, "size": content.size}
        about |= {"status": DocumentStatus.WORKING, "passages": 0, "expected": 0}
        async with self.beginning:
            await held.tell(begins=True, **about)


def _is_done(document: RagDocument, content: Fetched, recipe: str) -> bool:
    same = document.digest == content.digest and document.recipe == recipe
    return same and 0 < document.passages == document.expected
