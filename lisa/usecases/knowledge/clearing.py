"""Empties collections that are being deleted, and clears away files that nothing was made of."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Final

from lisa.domain.errors import ConditionFailed, LisaError
from lisa.domain.knowledge.rag_document import UNDER_WAY
from lisa.domain.knowledge.repository import CollectionStatus, RepositoryStatus
from lisa.ports.clock import Clock
from lisa.ports.table import Tables
from lisa.ports.vectors import Stores
from lisa.stores.knowledge.collections import CollectionStore
from lisa.stores.knowledge.documents import (
    DocumentStore,
    Entry,
    ToEmpty,
    emptying_ended,
)
from lisa.stores.knowledge.jobs import JobStore, job_counted
from lisa.stores.knowledge.pipelines import PipelineStore
from lisa.stores.knowledge.repositories import RepositoryStore
from lisa.usecases.knowledge.endings import Endings
from lisa.usecases.knowledge.holding import LEASE
from lisa.usecases.knowledge.idle_files import IdleFiles
from lisa.usecases.knowledge.removal import Removal
from lisa.usecases.knowledge.settling import DONE, NOTHING, SKIPPED

PAGE: Final = 100
AT_ONCE: Final = 8
log = logging.getLogger("lisa.ingestion")


@dataclass(frozen=True)
class Clearing:
    """Empties collections: no passage, blob or row of theirs is left. Clears away idle files."""

    tables: Tables
    documents: DocumentStore
    collections: CollectionStore
    repositories: RepositoryStore
    pipelines: PipelineStore
    jobs: JobStore
    stores: Stores
    removal: Removal
    endings: Endings
    clock: Clock

    async def look(self) -> bool:
        """Empty what is to be emptied, clear away what is idle; tell whether there was anything."""
        idle = IdleFiles(self.removal.files, self.removal.blobs, self.clock)
        cleared = await idle.look()
        return await self._empty_all() or cleared

    async def forget_late(self, entry: Entry) -> None:
        """Forget a document that was placed while its collection was on its way out.

        Whoever placed it had leave to, a moment before. Where the repository is gone as well, the
        job is the last there is of it.
        """
        await self.removal.forget(entry, SKIPPED)
        document = entry.document
        if document.job_id and await self.repositories.by_id(document.repository_id) is None:
            await self.jobs.remove(document.repository_id, document.job_id)

    async def _empty_all(self) -> bool:
        wanted = await self.documents.to_empty(self.clock.now(), AT_ONCE)
        for each in wanted:
            try:
                claimed = await self.documents.claim_emptying(each, self.clock.now() + LEASE)
                await self._empty(claimed)
            except ConditionFailed:
                log.debug("somebody else empties %s", each.uid)
            except LisaError as error:  # it is tried again as soon as the claim is over
                log.warning("%s can't be emptied now: %s", each.collection_id, error.message)
                await self._tell(each, error)
        return bool(wanted)

    async def _tell(self, wanted: ToEmpty, error: LisaError) -> None:
        collection = await self.collections.by_id(wanted.repository_id, wanted.collection_id)
        if collection and collection.reason != error.message:
            told = collection.model_copy(update={"reason": error.message})
            await self.collections.change(collection, told)

    async def _empty(self, wanted: ToEmpty) -> None:
        collection = await self.collections.by_id(wanted.repository_id, wanted.collection_id)
        is_it = collection is not None and collection.uid == wanted.uid
        if collection and is_it and collection.status is CollectionStatus.DELETING:
            wanted, worked_on = await self._forget_documents(wanted)
            if not await self._goes_with_its_store(wanted):
                store = await self.stores.of(wanted.repository_id)
                await store.drop(wanted.uid)
            if worked_on:
                return  # somebody may still store a batch: it is dropped when the claim is over
            await self._end(wanted)
        now = self.clock.now()
        counted = job_counted(wanted.repository_id, wanted.job_id, DONE, now)
        try:
            await self.tables.transact([emptying_ended(wanted), counted])
        except ConditionFailed:  # the job went with its repository
            await self.tables.transact([emptying_ended(wanted)])

    async def _goes_with_its_store(self, wanted: ToEmpty) -> bool:
        """Tell whether its store is removed as a whole, even where that answers nobody any more."""
        repository = await self.repositories.by_id(wanted.repository_id)
        deleting = repository is not None and repository.status is RepositoryStatus.DELETING
        return repository is not None and deleting and repository.store.own

    async def _end(self, wanted: ToEmpty) -> None:
        """Let the collection go, and after its last one the repository with all it did."""
        repository = await self.repositories.by_id(wanted.repository_id)
        await self.endings.emptied(wanted.repository_id, wanted.collection_id)
        if repository and await self.repositories.by_id(repository.id) is None:
            await self.pipelines.forget(repository.uid)
            await self.jobs.forget(repository.id)

    async def _forget_documents(self, wanted: ToEmpty) -> tuple[ToEmpty, bool]:
        """Forget them all; tell whether somebody was working on one of them."""
        worked_on = False
        while entries := await self.documents.page(wanted.uid, PAGE):
            wanted = await self.documents.claim_emptying(wanted, self.clock.now() + LEASE)
            now = self.clock.now()
            worked_on |= any(each.holder and each.due and each.due > now for each in entries)
            slots = asyncio.Semaphore(AT_ONCE)
            await asyncio.gather(*(self._forget(each, slots) for each in entries))
        return wanted, worked_on

    async def _forget(self, entry: Entry, slots: asyncio.Semaphore) -> None:
        under_way = entry.document.status in UNDER_WAY
        async with slots:
            try:
                await self.removal.forget(entry, SKIPPED if under_way else NOTHING)
            except ConditionFailed:
                log.debug("%s was changed meanwhile", entry.document.id)
