"""Rings for work that came due by itself: what was put off, or what nobody heard the ring of."""

from dataclasses import dataclass

from lisa.ports.bell import Bell
from lisa.ports.clock import Clock
from lisa.stores.knowledge.documents import DocumentStore


@dataclass(frozen=True)
class Reminding:
    """Looks now and then."""

    documents: DocumentStore
    bell: Bell
    clock: Clock

    async def look(self) -> None:
        """Ring if anything is due."""
        now = self.clock.now()
        documents, _ = await self.documents.due(now, 1)
        if documents or await self.documents.to_empty(now, 1):
            await self.bell.ring()
