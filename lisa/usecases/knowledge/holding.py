"""A document that this process works on: its lease is renewed and its progress told."""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, TypeVar

from lisa.domain.errors import Unavailable
from lisa.domain.knowledge.rag_document import RagDocument
from lisa.ports.clock import Clock
from lisa.stores.knowledge.documents import DocumentStore, Entry

LEASE: Final = timedelta(seconds=30)
RENEWED_AT: Final = timedelta(seconds=20)  # of the lease are left
TOLD_EVERY: Final = 1.0
T = TypeVar("T")
log = logging.getLogger("lisa.ingestion")


class Holding:
    """A claimed document. Whatever is written here fails where somebody else changed it."""

    def __init__(self, documents: DocumentStore, clock: Clock, entry: Entry) -> None:
        self.entry = entry
        self._documents = documents
        self._clock = clock
        self._noted: dict[str, Any] = {}
        self._writing = asyncio.Lock()

    @property
    def document(self) -> RagDocument:
        """Return it as last written."""
        return self.entry.document

    @property
    def latest(self) -> Entry:
        """Return it with what was noted and isn't written yet."""
        document = self.document.model_copy(update=self._noted)
        return replace(self.entry, document=document)

    def note(self, **changes: Any) -> None:
        """Have this told with the next renewal, within about a second."""
        self._noted = self._noted | changes

    async def tell(self, *, begins: bool = False, **changes: Any) -> None:
        """Write this at once, with all that was noted; `begins` tells that work on it begins."""
        async with self._writing:
            noted, now = self._noted, self._clock.now()
            update = {**noted, **changes, "updated": now}
            document = self.document.model_copy(update=update)
            new = replace(self.entry, document=document, due=now + LEASE)
            if begins:
                new = replace(new, since=now)
            self.entry = await self._documents.change(self.entry, new)
            self._noted = {
                name: value for name, value in self._noted.items() if noted.get(name) != value
            }

    async def during(self, work: Coroutine[Any, Any, T]) -> T:
        """Do the work for as long as the document is ours; `ConditionFailed` when it is not."""
        working, keeping = asyncio.create_task(work), asyncio.create_task(self._keep())
        try:
            await asyncio.wait({working, keeping}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                keeping.result()
            return await working
        finally:
            working.cancel()
            async with self._writing:  # else what a write under way has taken is lost
                keeping.cancel()
            await asyncio.gather(working, keeping, return_exceptions=True)

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(TOLD_EVERY)
            left = self.entry.due - self._clock.now() if self.entry.due else timedelta()
            if self._noted or left < RENEWED_AT:
                try:
                    await self.tell()
                except Unavailable as error:
                    log.warning("a lease can't be renewed now: %s", error.message)
