"""The worker's part: claims documents that something is to be done with, several at once.

Any number of workers share the work. A claim is a lease; what a worker leaves behind that was
killed is claimed again when its lease has run out, and goes on where it was.
"""

import asyncio
import logging
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Final

from lisa.domain.errors import ConditionFailed, LimitReached, LisaError, Unavailable
from lisa.domain.knowledge.rag_document import RagDocument
from lisa.domain.knowledge.repository import CollectionStatus
from lisa.ports.clock import Clock
from lisa.stores.knowledge.collections import CollectionStore
from lisa.stores.knowledge.documents import DocumentStore, Entry
from lisa.usecases.knowledge.clearing import Clearing
from lisa.usecases.knowledge.holding import LEASE, Holding
from lisa.usecases.knowledge.loading import Loading
from lisa.usecases.knowledge.removal import Removal
from lisa.usecases.knowledge.settling import DONE, Settling
from lisa.usecases.knowledge.standing import REMOVED

MOST_ATTEMPTS: Final = 3
MOST_KILLS: Final = 10  # of workers over one document, which may be what kills them
FIRST_BACKOFF: Final = 5.0
GROWS_BY: Final = 3
LONGEST_PUT_OFF: Final = 3600.0
LOOKED_EVERY: Final = 1.0
LOOKED_AHEAD: Final = 32
log = logging.getLogger("lisa.ingestion")


@dataclass(frozen=True)
class Ingestion:
    """Does what is to be done with documents, `at_once` of them at a time.

    One with `largest` leaves larger files to another; a file that is to be removed has no size.
    """

    documents: DocumentStore
    collections: CollectionStore
    loading: Loading
    removal: Removal
    clearing: Clearing
    settling: Settling
    clock: Clock
    holder: str
    at_once: int = 4
    largest: int = 0  # bytes; 0: however large
    _seen: deque[Entry] = field(default_factory=deque, init=False)
    _working: dict[tuple[str, str], asyncio.Task[None]] = field(default_factory=dict, init=False)
    _held: dict[tuple[str, str], Holding] = field(default_factory=dict, init=False)

    async def work(self, stop: asyncio.Event) -> None:
        """Work until told to stop; what isn't finished then is left to whoever comes next."""
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                await self._fill_up()
                await asyncio.wait(
                    {stopping, *self._working.values()},
                    timeout=LOOKED_EVERY,
                    return_when=asyncio.FIRST_COMPLETED,
                )
        finally:
            stopping.cancel()
            await self._leave()

    async def drain(self, until: datetime | None = None) -> bool:
        """Work until nothing is due, as whoever is called to do so does.

        At the latest until then: it tells whether it came to an end before.
        """
        left = (until - self.clock.now()).total_seconds() if until else None
        try:
            async with asyncio.timeout(left) as time:
                await self._drain()
        except TimeoutError:
            if not time.expired():
                raise
            return False
        finally:
            await self._leave()
        return True

    async def _drain(self) -> None:
        while await self.clearing.look() or await self._fill_up():
            if self._working:
                await asyncio.wait(self._working.values(), return_when=asyncio.FIRST_COMPLETED)

    async def clear(self) -> None:
        """Empty collections that are being deleted."""
        await self.clearing.look()

    async def _fill_up(self) -> bool:
        """Begin as much as may be done at once; tell whether anything is under way."""
        while len(self._working) < self.at_once:
            if not self._seen and not await self._look():
                break
            entry = self._seen.popleft()
            place = (entry.uid, entry.document.id)
            if place not in self._working:
                task = asyncio.create_task(self._take(entry))
                self._working[place] = task
                task.add_done_callback(partial(self._ended, place))
        return bool(self._working)

    async def _look(self) -> bool:
        now, cursor, more = self.clock.now(), "", True
        try:
            while more and not self._seen:
                due, cursor = await self.documents.due(now, LOOKED_AHEAD, cursor)
                self._seen.extend(each for each in due if self._is_ours(each))
                more = bool(cursor)
        except Unavailable as error:
            log.warning("what is to be done can't be read now: %s", error.message)
            return False
        return bool(self._seen)

    def _is_ours(self, entry: Entry) -> bool:
        document = entry.document
        fits = not self.largest or document.size <= self.largest or document.status in REMOVED
        return fits and _place(entry) not in self._working

    def _ended(self, place: tuple[str, str], task: asyncio.Task[None]) -> None:
        del self._working[place]
        self._held.pop(place, None)
        fault = None if task.cancelled() else task.exception()
        if isinstance(fault, LisaError):  # its lease runs out, then it is claimed again
            log.warning("what came of %s can't be written: %s", place[1], fault.message)
        elif fault:
            log.error("what came of %s can't be written", place[1], exc_info=fault)

    async def _leave(self) -> None:
        """Let go of what is under way, so that others need not wait for our leases to end."""
        self._seen.clear()
        held = list(self._held.values())
        tasks = list(self._working.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        left = (self.settling.put_off(each.latest, 0) for each in held)
        await asyncio.gather(*left, return_exceptions=True)

    async def _take(self, entry: Entry) -> None:
        """Claim a document, do what is to be done, and write down what came of it."""
        try:
            held = await self._claimed(entry)
        except ConditionFailed:
            return  # somebody was faster
        self._held[_place(entry)] = held
        (fault,) = await asyncio.gather(self._do(held), return_exceptions=True)
        try:
            if fault:
                await self._write(held.latest, fault)
        except ConditionFailed:
            log.info("%s was changed while it was worked on", entry.document.id)

    async def _claimed(self, entry: Entry) -> Holding:
        due = self.clock.now() + LEASE
        killed = {"attempts": entry.document.attempts + bool(entry.holder)}
        document = entry.document.model_copy(update=killed)
        new = replace(entry, document=document, due=due, holder=self.holder, since=None)
        return Holding(self.documents, self.clock, await self.documents.change(entry, new))

    async def _do(self, held: Holding) -> None:
        document, entry = held.document, held.entry
        if document.attempts >= MOST_KILLS:
            raise _kills(document)
        collection = await self.collections.by_id(document.repository_id, document.collection_id)
        if collection is None or collection.uid != entry.uid:
            await self.clearing.forget_late(entry)
        elif collection.status is CollectionStatus.DELETING:
            await self.settling.put_off(entry, LEASE.total_seconds())
        elif document.status in REMOVED:
            await held.during(self.removal.empty(held, collection))
            await self.removal.forget(held.latest, DONE)
        else:
            skipped = await held.during(self.loading.load(held, collection))
            await self.settling.ready(held.latest, skipped=skipped)

    async def _write(self, entry: Entry, fault: BaseException) -> None:
        attempts = entry.document.attempts
        if isinstance(fault, ConditionFailed):
            raise fault
        if isinstance(fault, LimitReached):
            seconds = min(max(LOOKED_EVERY, fault.retry_after), LONGEST_PUT_OFF)
            await self.settling.put_off(entry, seconds, fault)
        elif isinstance(fault, Unavailable) and attempts + 1 < MOST_ATTEMPTS:
            seconds = FIRST_BACKOFF * GROWS_BY**attempts
            await self.settling.put_off(entry, seconds, fault, tried=True)
        elif isinstance(fault, LisaError):
            await self.settling.failed(entry, fault)
        else:
            log.error("a mistake of ours, over %s", entry.document.id, exc_info=fault)
            await self.settling.failed(entry, _mistake())


def _place(entry: Entry) -> tuple[str, str]:
    return entry.uid, entry.document.id


def _kills(document: RagDocument) -> LisaError:
    return Unavailable(
        f"the worker ended {document.attempts} times over this document",
        next_step="look into the worker's log, or leave the document out",
        code="worker_ended",
    )


def _mistake() -> LisaError:
    return Unavailable(
        "LISA made a mistake over this document",
        next_step="tell an administrator: the worker's log says more",
        code="internal_error",
    )
