"""The documents of a collection, read as far as an answer needs them."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final

from lisa.domain.errors import NotFound
from lisa.domain.identity import Principal
from lisa.domain.knowledge.rag_document import RagDocument
from lisa.domain.turns.shapes import Wire
from lisa.gateway.asked import PageWanted
from lisa.gateway.knowledge.shown import STATUS, file_shown
from lisa.usecases.knowledge.access import Reach
from lisa.usecases.knowledge.document_rules import document_not_found
from lisa.usecases.knowledge.documents import Listing, RagDocuments

AT_ONCE: Final = 100
MOST_READ: Final = 10_000  # where an order is wanted in which they don't lie
MOST_COUNTED: Final = 2000


@dataclass(frozen=True)
class Contents:
    """Reads documents for a caller."""

    documents: RagDocuments

    async def each(
        self, caller: Principal, reach: Reach, most: int, after: str = ""
    ) -> AsyncIterator[RagDocument]:
        """Yield documents that aren't on their way out, newest first."""
        place, cursor, read, more = _place(reach), after, 0, True
        while more and read < most:
            found, cursor = await self.documents.page(
                caller, *place, Listing(limit=AT_ONCE, cursor=cursor)
            )
            for document in found:
                if document.status in STATUS:
                    yield document
            read, more = read + len(found), bool(cursor)

    async def counted(self, caller: Principal, reach: Reach) -> list[RagDocument]:
        """Return the newest documents, as many as are counted."""
        return [each async for each in self.each(caller, reach, MOST_COUNTED)]

    async def one(self, caller: Principal, reach: Reach, document_id: str) -> RagDocument:
        """Return a document; one on its way out isn't there any more."""
        try:
            found = await self.documents.get(caller, *_place(reach), document_id)
        except NotFound as fault:
            raise document_not_found(document_id) from fault
        if found.status not in STATUS:
            raise document_not_found(document_id)
        return found

    async def page(
        self,
        caller: Principal,
        reach: Reach,
        page: PageWanted,
        fits: Callable[[RagDocument], bool],
    ) -> tuple[list[Wire], bool]:
        """Return a stretch of those that fit, and whether there are more."""
        collection = reach.collection
        if page.newest_first and not page.before:
            found: list[RagDocument] = []
            async for document in self.each(caller, reach, MOST_READ, page.after):
                found += [document] if fits(document) else []
                if len(found) > page.limit:
                    break
            shown = [file_shown(each, collection) for each in found[: page.limit]]
            return shown, len(found) > page.limit
        every = [each async for each in self.each(caller, reach, MOST_READ) if fits(each)]
        return page.cut([file_shown(each, collection) for each in reversed(every)])


def _place(reach: Reach) -> tuple[str, str]:
    return reach.repository.id, reach.collection.id
