"""The log of all turns of this process, written together: a few rows a second for each."""

import asyncio
import logging
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from lisa.domain.errors import LisaError, Unavailable
from lisa.ports.clock import Clock
from lisa.ports.table import Put
from lisa.stores.turns.log import Batch, TurnLog, storing
from lisa.usecases.turns.live import LiveTurn

EVERY: Final = 0.25
AT_ONCE_FROM: Final = 4096
MOST_WITH_END: Final = 256 * 1024
SHARE: Final = 2.0  # of the time that writing takes, there is a pause
PAUSE: Final = 1.0
PATIENCE: Final = 15.0
log = logging.getLogger("lisa.turns")


@dataclass
class LogWriter:
    """Stores what is told: all of it each quarter of a second, and what is much or urgent now."""

    log: TurnLog
    clock: Clock
    _dirty: dict[LiveTurn, None] = field(default_factory=dict)
    _due: dict[LiveTurn, None] = field(default_factory=dict)
    _under_way: set[LiveTurn] = field(default_factory=set)
    _call: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, live: LiveTurn) -> None:
        """Take note that a turn has events to store."""
        self._dirty[live] = None
        if live.unstored_size >= AT_ONCE_FROM:
            self._make_due(live)

    async def flush(self, live: LiveTurn) -> None:
        """Return when all that was told so far is stored."""
        wanted = live.following
        self._dirty[live] = None
        self._make_due(live)
        try:
            async with asyncio.timeout(PATIENCE):
                while live.stored_up_to < wanted:
                    await live.changed()
        except TimeoutError as error:
            raise Unavailable("the events of the turn can't be stored") from error

    async def rest(self, live: LiveTurn) -> list[Put]:
        """Return what stores the last events together with the end; nobody else stores them."""
        if live.unlogged_size() > MOST_WITH_END:
            await self.flush(live)
        while live in self._under_way:
            await live.changed()
        self.leave(live)
        events = live.unstored()
        batch = Batch(live.turn.id, live.stored_up_to, events)
        return storing(batch, self.clock.now()) if events else []

    def leave(self, live: LiveTurn) -> None:
        """Store no more of a turn: it has ended, or is somebody else's."""
        self._dirty.pop(live, None)
        self._due.pop(live, None)

    async def keep_writing(self) -> None:
        """Write, for as long as this process serves; a slow store is written to less often."""
        loop = asyncio.get_running_loop()
        tick = loop.time()
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(tick):
                    await self._call.wait()
            self._call.clear()
            began = loop.time()
            if began >= tick:
                await self._write([*self._dirty])
                tick = loop.time() + max(EVERY, SHARE * (loop.time() - began))
            else:
                await self._write([*self._due])

    def _make_due(self, live: LiveTurn) -> None:
        self._due[live] = None
        self._call.set()

    async def _write(self, chosen: Collection[LiveTurn]) -> None:
        batches = {}
        for live in chosen:
            self.leave(live)
            if events := live.unstored():
                batches[live] = Batch(live.turn.id, live.stored_up_to, events)
        if not batches:
            return
        self._under_way.update(batches)
        try:
            await self._store(batches)
        finally:
            self._under_way.clear()
            for live in batches:
                live.wake()

    async def _store(self, batches: Mapping[LiveTurn, Batch]) -> None:
        try:
            await self.log.write([*batches.values()], self.clock.now())
        except LisaError as error:
            log.warning("events of turns can't be stored now: %s", error)
            await self.clock.sleep(PAUSE)
            for live in batches:
                self._make_due(live)
            return
        for live, batch in batches.items():
            live.now_stored(batch.first + len(batch.events))
