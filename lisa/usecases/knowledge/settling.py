"""Writes down what came of a document, in one transaction with its job's counters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from lisa.domain.errors import ConditionFailed, LisaError
from lisa.domain.knowledge.rag_document import DocumentStatus, RagDocument
from lisa.ports.clock import Clock
from lisa.ports.table import Step, Tables
from lisa.stores.knowledge.documents import Entry, entry_changed
from lisa.stores.knowledge.jobs import Tally, job_counted
from lisa.usecases.knowledge.standing import NO_CAUSE, REMOVED

LONGEST_CAUSE: Final = 1000
NOTHING: Final = Tally()
DONE: Final = Tally(done=1)
SKIPPED: Final = Tally(done=1, skipped=1)


@dataclass(frozen=True)
class Settling:
    """Settles documents. `ConditionFailed` where somebody else changed one."""

    tables: Tables
    clock: Clock

    async def ready(self, entry: Entry, *, skipped: bool) -> None:
        """Say that it can be found, and that nothing is to be done any more."""
        update = {"status": DocumentStatus.READY, "attempts": 0, **NO_CAUSE}
        await self._settled(entry, update, SKIPPED if skipped else DONE)

    async def failed(self, entry: Entry, error: LisaError) -> None:
        """Say that it can't be done before somebody does something."""
        gone = entry.document.status in REMOVED
        status = DocumentStatus.DELETE_FAILED if gone else DocumentStatus.FAILED
        update = {"status": status, **causes(error)}
        await self._settled(entry, update, Tally(failed=1, cause=error.message))

    async def put_off(
        self, entry: Entry, seconds: float, error: LisaError | None = None, *, tried: bool = False
    ) -> None:
        """Leave it to whoever comes after so many seconds."""
        document = entry.document
        status = (
            DocumentStatus.DELETE_PENDING if document.status in REMOVED else DocumentStatus.PENDING
        )
        now = self.clock.now()
        update = {"status": status, "updated": now, "attempts": document.attempts + tried}
        update |= causes(error) if error else {}
        changed = document.model_copy(update=update)
        due = now + timedelta(seconds=seconds)
        put, _ = entry_changed(entry, Entry(entry.uid, changed, due))
        await self.tables.apply(put)

    async def count(self, steps: Sequence[Step], document: RagDocument, tally: Tally) -> None:
        """Do these steps and count for the document's job, if that isn't forgotten."""
        if not document.job_id or tally == NOTHING:
            await self.tables.transact(steps)
            return
        counted = job_counted(document.repository_id, document.job_id, tally, self.clock.now())
        try:
            await self.tables.transact([*steps, counted])
        except ConditionFailed as failure:
            if failure.failed != (len(steps),):
                raise
            await self.tables.transact(steps)

    async def _settled(self, entry: Entry, update: dict[str, object], tally: Tally) -> None:
        changed = entry.document.model_copy(update={**update, "updated": self.clock.now()})
        put, _ = entry_changed(entry, Entry(entry.uid, changed))
        await self.count([put], changed, tally)


def causes(error: LisaError) -> dict[str, object]:
    """Return what a document says of its failure."""
    return {
        "cause": error.message[:LONGEST_CAUSE],
        "cause_code": error.precise_code,
        "next_step": error.next_step[:LONGEST_CAUSE] or "try it again",
    }
