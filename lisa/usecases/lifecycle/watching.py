"""Looking after models that we run: lost runs, replicas, what is planned, what lies idle."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from lisa.domain.errors import ConditionFailed, LisaError
from lisa.domain.model import Model
from lisa.stores.model_reports import HostReport, ModelReports
from lisa.usecases.lifecycle.addresses import move_of, readdressed
from lisa.usecases.lifecycle.ground import host_among, hosting_of
from lisa.usecases.lifecycle.idling import Idling
from lisa.usecases.lifecycle.orders import Lifecycle
from lisa.usecases.lifecycle.planned import PlannedActs
from lisa.usecases.lifecycle.recovery import Recovery
from lisa.usecases.lifecycle.replica_scaling import ReplicaScaling

TOLD_AT_LEAST_EVERY: Final = timedelta(seconds=30)
STRAGGLERS_FOR: Final = timedelta(minutes=2)  # a gateway may still tell of a model that is gone
Work: TypeAlias = Callable[[Model], Awaitable[None]]
log = logging.getLogger("lisa.models")


@dataclass(frozen=True)
class Watching:
    """Looks every few seconds. Two that look at once do no harm, they only look twice."""

    lifecycle: Lifecycle
    recovery: Recovery
    reports: ModelReports
    planned: PlannedActs
    idling: Idling
    scaling: ReplicaScaling
    _told: dict[str, HostReport] = field(default_factory=dict)
    _known: set[str] = field(default_factory=set)
    _gone: dict[str, datetime] = field(default_factory=dict)
    _faults: dict[str, str] = field(default_factory=dict)

    async def look(self) -> None:
        """Do what is due now; what can't be done for one model keeps no other waiting."""
        models = await self.lifecycle.beginning.models.catalogue()
        hosted = [each for each in models if each.hosting]
        await self._forget_gone({each.id for each in hosted})
        ends = await asyncio.gather(*map(self._look_at, hosted), return_exceptions=True)
        for model, fault in zip(hosted, ends, strict=True):
            if isinstance(fault, Exception):
                log.error("looking after the model %s broke", model.id, exc_info=fault)

    async def _look_at(self, model: Model) -> None:
        works: tuple[Work, ...] = (
            self.recovery.look_after,
            self._report,
            self.scaling.keep,
            self.planned.do,
            self.idling.stop,
        )
        for work in works:
            name = f"{work.__qualname__} of {model.id}"
            try:
                await work(model)
            except LisaError as error:
                self._complain(name, str(error))
            else:
                self._faults.pop(name, None)

    def _complain(self, what: str, fault: str) -> None:
        """Say it once, and not at every look."""
        if self._faults.get(what) != fault:
            log.warning("%s fails: %s", what, fault)
        self._faults[what] = fault

    async def _report(self, model: Model) -> None:
        """Tell what its host has, and let calls go where it answers now."""
        seen = await host_among(self.lifecycle.hosts, hosting_of(model)).observe(model.id)
        now = self.lifecycle.beginning.clock.now()
        former = self._told.get(model.id)
        if not former or former.seen != seen or now - former.told >= TOLD_AT_LEAST_EVERY:
            report = HostReport(seen, now)
            await self.reports.tell_host(model.id, report)
            self._told[model.id] = report
        new = readdressed(model, self.scaling.called(model, seen))
        if new != model:
            await self._write(model, new, now)

    async def _write(self, old: Model, new: Model, now: datetime) -> None:
        beginning = self.lifecycle.beginning
        try:
            await beginning.models.change(old, new, beginning.events.step(move_of(new, old, now)))
        except ConditionFailed:
            return  # it changes at this moment: the next look sees to what there is then

    async def _forget_gone(self, present: set[str]) -> None:
        """Forget what was told of models that were deleted."""
        now = self.lifecycle.beginning.clock.now()
        self._gone.update(dict.fromkeys(self._known - present, now))
        self._known.clear()
        self._known.update(present)
        for model_id, since in [*self._gone.items()]:
            if model_id in present or now - since > STRAGGLERS_FOR:
                del self._gone[model_id]
            else:
                self._told.pop(model_id, None)
                await self.reports.forget(model_id)
