"""Lets files go that were uploaded, or only announced, and of which no document was made."""

import logging
from dataclasses import dataclass
from typing import Final

from lisa.domain.errors import ConditionFailed, LisaError
from lisa.domain.knowledge.rag_file import RagFile
from lisa.ports.blobs import Blobs
from lisa.ports.clock import Clock
from lisa.stores.knowledge.files import FileStore

AT_ONCE: Final = 32
log = logging.getLogger("lisa.ingestion")


@dataclass(frozen=True)
class IdleFiles:
    """Looks after files whose time is over; one that is kept stays if its content is there."""

    files: FileStore
    blobs: Blobs
    clock: Clock

    async def look(self) -> bool:
        """Let some go; tell whether any could be."""
        gone = False
        for each in await self.files.idle(self.clock.now(), AT_ONCE):
            try:
                await self._settle(each)
            except ConditionFailed:
                log.debug("%s was changed meanwhile", each.id)
            except LisaError as error:
                log.warning("%s can't be removed now: %s", each.id, error.message)
            else:
                gone = True
        return gone

    async def _settle(self, file: RagFile) -> None:
        if file.kept and not file.removed and await self.blobs.size(file.key) == file.size:
            await self.files.change(file, file.model_copy(update={"whole": True}))
            return
        if not file.removed:  # so that nobody makes a document of what is going away
            file = await self.files.change(file, file.model_copy(update={"removed": True}))
        await self.blobs.delete(file.key)
        await self.files.remove(file)
