"""Puts what is to be done with documents where the worker finds it, together with its job."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lisa.domain.conflicts import overtaken
from lisa.domain.errors import ConditionFailed, NotFound
from lisa.domain.knowledge.job import Job, JobType
from lisa.domain.knowledge.rag_document import UNDER_WAY, RagDocument
from lisa.domain.knowledge.rag_file import RagFile
from lisa.domain.knowledge.repository import Collection
from lisa.ports.bell import Bell
from lisa.ports.clock import Clock
from lisa.ports.ids import Ids
from lisa.ports.table import Step, Tables
from lisa.stores.knowledge.documents import (
    DocumentStore,
    Entry,
    entry_added,
    entry_changed,
)
from lisa.stores.knowledge.files import FileStore, file_changed
from lisa.stores.knowledge.jobs import Tally, job_begun, job_counted
from lisa.usecases.knowledge.names import JOB, timed_id

AT_ONCE: Final = 30  # documents in one transaction: each is up to three steps
MOST_TRIES: Final = 20


@dataclass(frozen=True)
class Wanted:
    """What is to become of a document: `change` is told how it is and may leave it with nothing.

    With `file_of`, its content is that person's file of the same id.
    """

    id: str
    change: Callable[[RagDocument | None], RagDocument | None]
    file_of: str = ""


@dataclass(frozen=True)
class Orders:
    """Begins jobs. A document that another job still had to do with is none of that any more."""

    tables: Tables
    documents: DocumentStore
    files: FileStore
    clock: Clock
    ids: Ids
    bell: Bell

    async def begin(
        self, collection: Collection, kind: JobType, owner: str, pipeline_id: str = ""
    ) -> Job:
        """Store a job that has nothing to do yet."""
        job = self.new(collection, kind, owner, pipeline_id)
        await self.tables.apply(job_begun(job))
        return job

    def new(self, collection: Collection, kind: JobType, owner: str, pipeline_id: str = "") -> Job:
        """Return a job that has nothing to do yet."""
        now = self.clock.now()
        return Job(
            id=timed_id(self.ids, self.clock, JOB),
            repository_id=collection.repository_id,
            collection_id=collection.id,
            type=kind,
            owner=owner,
            pipeline_id=pipeline_id,
            total=0,
            created=now,
            updated=now,
        )

    async def place(
        self, job: Job, uid: str, wanted: Sequence[Wanted]
    ) -> tuple[Job, list[RagDocument]]:
        """Have this done with documents of a collection; return the job with what it has to do."""
        placed: list[RagDocument] = []
        for start in range(0, len(wanted), AT_ONCE):
            placed += await self._placed(job, uid, wanted[start : start + AT_ONCE])
        if placed:
            await self.bell.ring()
        return job.model_copy(update={"total": job.total + len(placed)}), placed

    async def _placed(self, job: Job, uid: str, wanted: Sequence[Wanted]) -> list[RagDocument]:
        for _ in range(MOST_TRIES):
            entries = await self.documents.get_many(uid, [each.id for each in wanted])
            files = await self._files(wanted)
            now = self.clock.now()
            placing = _Placing(job, uid, now)
            for each in wanted:
                placing.add(entries.get(each.id), each.change, files.get(each.id))
            if not placing.placed:
                return []
            try:
                await self.tables.transact(placing.all_steps())
            except ConditionFailed:
                continue
            return placing.placed
        raise overtaken("a document")

    async def _files(self, wanted: Iterable[Wanted]) -> Mapping[str, RagFile]:
        ids = [each.id for each in wanted if each.file_of]
        owner = next((each.file_of for each in wanted if each.file_of), "")
        found = await self.files.get_many(owner, ids) if ids else {}
        for each in ids:
            if each not in found or found[each].removed:
                raise file_not_found(each)
        return found


class _Placing:
    """One transaction as it is put together."""

    def __init__(self, job: Job, uid: str, now: datetime) -> None:
        self.placed: list[RagDocument] = []
        self._job, self._uid, self._now = job, uid, now
        self._steps: list[Step] = []
        self._left: Counter[str] = Counter()  # how much other jobs have to do no more

    def add(
        self,
        old: Entry | None,
        change: Callable[[RagDocument | None], RagDocument | None],
        file: RagFile | None,
    ) -> None:
        changed = change(old.document if old else None)
        if changed is None:
            return
        if old and old.document.status in UNDER_WAY and old.document.job_id:
            self._left[old.document.job_id] += 1
        update = {"job_id": self._job.id, "updated": self._now, "attempts": 0}
        new = Entry(self._uid, changed.model_copy(update=update), self._now)
        put, stored = entry_changed(old, new) if old else (entry_added(new), new)
        self._steps.append(put)
        self.placed.append(stored.document)
        if file and self._uid not in file.places:
            places = {"places": (*file.places, self._uid)}
            self._steps.append(file_changed(file, file.model_copy(update=places)))

    def all_steps(self) -> list[Step]:
        total = Tally(total=len(self.placed) - self._left.pop(self._job.id, 0))
        tallies = {self._job.id: total} | {
            job_id: Tally(done=number, skipped=number) for job_id, number in self._left.items()
        }
        counted = (
            job_counted(self._job.repository_id, job_id, tally, self._now)
            for job_id, tally in tallies.items()
        )
        return [*self._steps, *counted]


def file_not_found(file_id: str) -> NotFound:
    """Say that there is none."""
    return NotFound(
        f"you have no file {file_id[:80]}", next_step="upload it first", code="file_not_found"
    )
