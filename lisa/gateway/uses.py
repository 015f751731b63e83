"""What this process tells of the models we run: when they were called, what is under way, how much.

Idle models are stopped by it, models that are taken out of service are drained by it, and replicas
follow it where nobody else measures the load.
"""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from lisa.domain.errors import LisaError
from lisa.gateway.last_minute import LastMinute, Totals
from lisa.gateway.registry import Registry
from lisa.ports.clock import Clock
from lisa.stores.model_reports import Minute, ModelReports, Use

LOOKED_EVERY: Final = 0.5
TOLD_WHILE_BUSY: Final = timedelta(seconds=5)
TOLD_OTHERWISE: Final = timedelta(seconds=30)
PATIENCE: Final = 3.0
log = logging.getLogger("lisa.gateway")


@dataclass(slots=True)
class Count:
    """Calls of one model: those under way, whether there was one since the last look, and all.

    `sent` are those that an upstream was asked, and `answered` those it began to answer, for which
    they waited so many `seconds` together.
    """

    under_way: int = 0
    was_called: bool = False
    sent: int = 0
    answered: int = 0
    seconds: float = 0.0
    last_used: datetime | None = None
    told: Use | None = None
    _busy: float = 0.0
    _looked: datetime | None = None
    _minute: LastMinute = field(default_factory=LastMinute)

    def begin(self) -> None:
        """Count a call."""
        self.under_way += 1
        self.was_called = True

    def end(self) -> None:
        """Count it no longer."""
        self.under_way -= 1

    def answers(self, seconds: float) -> None:
        """Count how long an answer took to begin."""
        self.answered += 1
        self.seconds += seconds

    def look(self, now: datetime) -> Use | None:
        """Return how it is used, if it ever was."""
        minute = self._look(now)
        if self.was_called or self.under_way:
            self.last_used, self.was_called = now, False
        if self.last_used is None:
            return None
        return Use(last_used=self.last_used, under_way=self.under_way, told=now, minute=minute)

    def is_due(self, use: Use) -> bool:
        """Say whether that has to be told by now."""
        told = self.told
        if told is None or bool(use.under_way) != bool(told.under_way):
            return True
        if use.under_way:
            return use.told - told.told >= TOLD_WHILE_BUSY
        return use.last_used > told.last_used and use.told - told.told >= TOLD_OTHERWISE

    def _look(self, now: datetime) -> Minute:
        passed = (now - self._looked).total_seconds() if self._looked else 0.0
        self._busy, self._looked = self._busy + self.under_way * passed, now
        return self._minute.until(now, Totals(self.sent, self.answered, self.seconds, self._busy))


@dataclass(frozen=True)
class Uses:
    """The count of each model."""

    counts: dict[str, Count] = field(default_factory=dict, init=False)

    def of(self, model_id: str) -> Count:
        """Return the count of a model."""
        count = self.counts.get(model_id)
        if count is None:
            count = self.counts[model_id] = Count()
        return count


@dataclass(frozen=True)
class TellingUses:
    """Tells what was counted in this process, beside the calls."""

    uses: Uses
    registry: Registry
    clock: Clock
    gateway: str
    reports: ModelReports

    async def keep(self) -> None:
        """Tell until cancelled, and a last time at the end."""
        try:
            while True:
                await self.clock.sleep(LOOKED_EVERY)
                await self.tell()
        finally:
            await self._take_leave()

    async def tell(self) -> None:
        """Tell what is due; what can't be told now is told later."""
        looked = self._look()
        await asyncio.gather(*(self._tell(*each) for each in looked if each[1].is_due(each[2])))

    async def _take_leave(self) -> None:
        """Say that nothing is under way here any more."""
        none = {"under_way": 0}
        looked = [(name, count, use.model_copy(update=none)) for name, count, use in self._look()]
        await asyncio.gather(*(self._tell(*each) for each in looked))

    def _look(self) -> list[tuple[str, Count, Use]]:
        """Look at all models that are still there: of others nothing must be told any more."""
        counts = self.uses.counts
        for name in [name for name in counts if self.registry.get(name) is None]:
            del counts[name]
        now = self.clock.now()
        looked = [(name, count, count.look(now)) for name, count in counts.items()]
        return [(name, count, use) for name, count, use in looked if use]

    async def _tell(self, model_id: str, count: Count, use: Use) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await self.reports.tell_use(self.gateway, model_id, use)
        except (LisaError, TimeoutError) as error:
            log.warning("the use of %s can't be told yet: %s", model_id, error)
        else:
            count.told = use
