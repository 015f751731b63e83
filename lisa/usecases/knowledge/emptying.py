"""Deleting collections: they are marked, and the worker removes what is in them."""

from dataclasses import dataclass
from typing import Final

from lisa.domain.knowledge.job import Job, JobType
from lisa.domain.knowledge.repository import Collection, CollectionStatus
from lisa.ports.clock import Clock
from lisa.ports.table import MAX_PAGE, Step
from lisa.stores.knowledge.collections import CollectionStore
from lisa.stores.knowledge.documents import ToEmpty, emptying_begun
from lisa.stores.knowledge.jobs import job_begun
from lisa.usecases.knowledge.orders import Orders

THE_COLLECTION: Final = 1  # what such a job has to do


@dataclass(frozen=True)
class Marking:
    """Marks collections as being deleted, in one with the job that has them emptied.

    The worker then removes the documents with what was uploaded for them, drops the space and
    calls `Endings.emptied`; doing any of it again changes nothing.
    """

    collections: CollectionStore
    orders: Orders
    clock: Clock

    async def mark(self, collection: Collection, owner: str, *steps: Step) -> Job:
        """Mark one; raise `ConditionFailed` if it was changed meanwhile."""
        now = self.clock.now()
        marked = collection.model_copy(
            update={"status": CollectionStatus.DELETING, "reason": "", "updated": now}
        )
        job = self.orders.new(marked, JobType.DELETE_COLLECTION, owner)
        job = job.model_copy(update={"total": THE_COLLECTION})
        work = ToEmpty(marked.uid, marked.repository_id, marked.id, job.id, due=now)
        handed_over = (job_begun(job), emptying_begun(work))
        await self.collections.change(collection, marked, *handed_over, *steps)
        await self.orders.bell.ring()
        return job

    async def mark_all(self, repository_id: str, owner: str) -> int:
        """Mark all of a repository's that aren't yet; return how many there still are."""
        there = 0
        cursor, more = "", True
        while more:
            page, cursor = await self.collections.of_repository(repository_id, MAX_PAGE, cursor)
            for each in page:
                if each.status is not CollectionStatus.DELETING:
                    await self.mark(each, owner)
            there, more = there + len(page), bool(cursor)
        return there
