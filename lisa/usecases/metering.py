"""Counting calls beside the requests: noted at once, written down, stored together soon after."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Final

from lisa.domain.errors import LisaError, Unavailable
from lisa.domain.usage import Call, Counts
from lisa.domain.usage_sums import LEASE
from lisa.ports.calls import Ask, Meter
from lisa.ports.clock import Clock
from lisa.ports.ids import Ids
from lisa.ports.journal import Batch, Journal, Leftover
from lisa.stores.allowances import Place
from lisa.stores.usage.batches import UsageBatches
from lisa.usecases.limits.rules import MICRO, Measure, most_of

FLUSHED_AT: Final = 500  # calls
TICK_SECONDS: Final = 0.25
FLUSHED_EVERY: Final = 1.0
LOOKED_EVERY: Final = 30.0  # for what processes that died have left
MOST_AT_ONCE: Final = 500
MOST_IN_MEMORY: Final = 5000
LAST_CHANCE_SECONDS: Final = 10
CALLER_LEFT: Final = 499
log = logging.getLogger("lisa.metering")


@dataclass
class BatchingMeter:
    """Notes calls; `watchers` are told of each too.

    When the store is away, calls are kept in memory up to a bound, then in the journal alone. What
    a process leaves in its journal, any other one stores. No call is stored twice: a batch that may
    have been stored is sent again under its name, and the store knows it.
    """

    store: UsageBatches
    journal: Journal
    clock: Clock
    ids: Ids
    watchers: Sequence[Meter] = ()
    most_in_memory: int = MOST_IN_MEMORY
    _waiting: deque[Call] = field(default_factory=deque)
    _sent: Batch | None = None
    _overflowed: bool = False
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def begin(self, ask: Ask) -> None:
        """Remember what the call may use at most."""
        self.journal.begin(_at_most(ask, self.clock.now()))
        for watcher in self.watchers:
            watcher.begin(ask)

    def note(self, call: Call) -> None:
        """Write the call down; it is stored within about a second."""
        self.journal.end(call)
        if len(self._waiting) < self.most_in_memory:
            self._waiting.append(call)
        else:
            self._overflowed = True
        for watcher in self.watchers:
            watcher.note(call)

    def lost(self, place: Place, amount: int) -> None:
        """Note what a dead process had reserved of a budget and nobody can settle any more.

        It is listed among the calls and no part of the sums: the calls themselves may yet be
        counted, from the journal, and several budgets may have held the same one.
        """
        measure, _, whose = place.key.partition("#")
        kind, _, name = whose.partition(":")
        is_money = Measure(measure).is_money
        call = Call(
            id=self.ids.new("lost"),
            at=self.clock.now(),
            subject=name if kind == "user" else whose,
            token_id=name if kind == "token" else None,
            model=name if kind == "model" else "",
            endpoint=LEASE,
            status=CALLER_LEFT,
            ended="cut",
            counts=Counts(completion=0 if is_money else amount, estimated=True),
            cost=amount / MICRO if is_money else 0.0,
            unsettled=True,
        )
        self.note(call)

    async def flush(self) -> None:
        """Store what waits; `Unavailable` where that can't be done now."""
        async with self._turn:
            rounds = len(self._waiting) // MOST_AT_ONCE + 2  # one more for what was sent before
            try:
                for _ in range(rounds):  # what comes meanwhile waits for the next time
                    await self._send_next()
            finally:
                if self._overflowed:
                    self._set_aside()
            self.journal.renew(self._waiting)

    async def recover(self) -> None:
        """Store what dead processes, or we ourselves while the store was away, have left."""
        for leftover in await self.journal.left_behind():
            try:
                await self._store_all(leftover)
            except Unavailable as error:
                log.warning("usage left by another process waits: %s", error.message)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Store in the background, and at the end what still waits."""
        tasks = [asyncio.create_task(work()) for work in (self._keep_flushing, self._keep_looking)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            with contextlib.suppress(LisaError, TimeoutError):
                async with asyncio.timeout(LAST_CHANCE_SECONDS):
                    while self._waiting:
                        await self.flush()
                    await self.recover()  # what was set aside because memory was full
            self.journal.close()

    async def _keep_flushing(self) -> None:
        waited = 0.0
        while True:
            await self.clock.sleep(TICK_SECONDS)
            waited += TICK_SECONDS
            if waited < FLUSHED_EVERY and len(self._waiting) < FLUSHED_AT:
                continue
            waited = 0.0
            try:
                await self.flush()
            except Unavailable as error:
                log.warning("usage waits to be stored: %s", error.message)

    async def _keep_looking(self) -> None:
        while True:
            await self.recover()
            await self.clock.sleep(LOOKED_EVERY)

    async def _send_next(self) -> None:
        """Send one batch; one that may or may not have been stored is sent again as it was."""
        if not self._waiting:
            return
        if self._sent is None:
            calls = tuple(islice(self._waiting, MOST_AT_ONCE))
            self._sent = Batch(self.journal.batch(len(calls)), calls)
        await self._store(self._sent)
        self.journal.stored(self._sent.id)
        for _ in self._sent.calls:
            self._waiting.popleft()
        self._sent = None

    def _set_aside(self) -> None:
        """Keep in the journal alone what doesn't fit into memory."""
        self.journal.set_aside()
        self._waiting.clear()
        self._sent = None
        self._overflowed = False

    async def _store_all(self, leftover: Leftover) -> None:
        is_stored = False
        try:
            for batch in leftover.batches():
                await self._store(batch)
            is_stored = True
        finally:
            if is_stored:
                leftover.remove()
            else:
                leftover.let_go()

    async def _store(self, batch: Batch) -> None:
        """Store a batch; one that no store can take must not keep the others waiting."""
        try:
            await self.store.add(batch)
        except Unavailable:
            raise
        except LisaError as error:
            log.critical("%d calls can't be stored: %s", len(batch.calls), error.message)


def _at_most(ask: Ask, now: datetime) -> dict[str, object]:
    """Return what stands for a call of which nothing more is heard, as the fields of a `Call`."""
    caller, prices = ask.caller, ask.model.prices
    most, cost = most_of(ask)
    counts = {
        "prompt": most.prompt,
        "completion": most.completion,
        "images": most.images,
        "estimated": True,
    }
    return {
        "id": ask.id,
        "at": now,
        "subject": caller.subject,
        "groups": caller.groups,
        "token_id": caller.token_id,
        "model": ask.model.id,
        "endpoint": ask.endpoint,
        "status": CALLER_LEFT,
        "ended": "cut",
        "counts": counts,
        "cost": cost,
        "price_source": prices.told_by if prices else "",
        "unsettled": True,
    }
