"""Bringing models to as many replicas as are planned and used, where their host doesn't itself."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from lisa.domain.errors import ConditionFailed
from lisa.domain.hosting import Hosting, HostKind
from lisa.domain.lifecycle import ModelEvent, Phase
from lisa.domain.model import Model, ModelStatus
from lisa.ports.hosts import Observed
from lisa.usecases.lifecycle.ground import host_among, hosting_of
from lisa.usecases.lifecycle.load import FollowingLoad
from lisa.usecases.lifecycle.orders import Lifecycle
from lisa.usecases.lifecycle.resting import ALL_KNOW_AFTER, patience
from lisa.usecases.planned_scaling import replicas_of

AS_PLANNED: Final = "scale as planned"
WITH_LOAD: Final = "scale with its load"
BY_THEMSELVES: Final = frozenset({HostKind.CLOUDFORMATION})  # AWS scales what is in its stacks
TO_STAND_STILL: Final = frozenset({ModelStatus.STOPPING, ModelStatus.STOPPED, ModelStatus.FAILED})


@dataclass(frozen=True)
class ReplicaScaling:
    """Changes how many replicas run, and nothing else: the model stays in service."""

    lifecycle: Lifecycle
    load: FollowingLoad
    _asked: dict[str, tuple[str, int]] = field(default_factory=dict)
    _leaving: dict[str, datetime] = field(default_factory=dict)

    def called(self, model: Model, seen: Observed) -> Observed:
        """Return what is seen of a model but for replicas that are to go: no new call gets there.

        Hosts keep those that come first.
        """
        if not self._is_scaled(model):
            return seen
        wanted = replicas_of(self.load.wanted(model, len(seen.replicas)))
        healthy = [each for each in seen.replicas if each.healthy]
        surplus = {each.id for each in healthy[wanted:]}
        kept = [each for each in seen.replicas if each.id not in surplus]
        return replace(seen, replicas=kept)

    async def keep(self, model: Model) -> None:
        """Ask a model's host for what is wanted now, once; calls to what goes end before."""
        if not self._is_scaled(model):
            return
        host = host_among(self.lifecycle.hosts, hosting_of(model))
        seen = (await host.observe(model.id)).replicas
        await self.load.look(model, seen)
        there, wanted = len(seen), self.load.wanted(model, len(seen))
        replicas = replicas_of(wanted)
        if self._asked.get(model.id) == (model.run, replicas):
            self._leaving.pop(model.id, None)
            return
        if there > replicas and not await self._is_left(model, replicas):
            return
        if await self._is_told(model, wanted, there):
            await host.ensure(model.id, wanted, replicas)
            await self._take_back(model.id, wanted)
            self._asked[model.id] = (model.run, replicas)
            self._leaving.pop(model.id, None)
            self.load.is_told(model)

    def _is_scaled(self, model: Model) -> bool:
        """Tell whether its replicas may become more or fewer, and nobody else sees to that.

        Of what was asked for once, it is wanted after each run: we may have been late for that one.
        """
        hosting = model.hosting
        if hosting is None or hosting.kind in BY_THEMSELVES or not model.in_service:
            return False
        scaling = hosting.scaling
        may_change = scaling.planned or scaling.maximum > max(1, scaling.minimum)
        return bool(may_change) or model.id in self._asked

    async def _is_left(self, model: Model, replicas: int) -> bool:
        """Tell whether no call is under way any more to what is to go."""
        if len(model.upstreams) > replicas:
            return False
        now = self.lifecycle.beginning.clock.now()
        passed = (now - self._leaving.setdefault(model.id, now)).total_seconds()
        if passed >= patience(model):
            return True
        return passed >= ALL_KNOW_AFTER and not await self.load.reports.under_way(model.id, now)

    async def _is_told(self, model: Model, wanted: Hosting, there: int) -> bool:
        """Write what changes; a model that changed just now is seen to by the next look."""
        beginning = self.lifecycle.beginning
        step, words = self._words(model, wanted, there)
        newest = await beginning.events.newest(model.id)
        if there == replicas_of(wanted) or (newest and newest.words == words):
            return await beginning.models.by_id(model.id) == model
        event = ModelEvent(
            model_id=model.id,
            sequence=model.version + 1,
            at=beginning.clock.now(),
            run=model.run,
            step=step,
            phase=Phase.DONE,
            status=model.status,
            words=words,
        )
        try:
            await beginning.models.change(model, model, beginning.events.step(event))
        except ConditionFailed:
            return False
        return True

    def _words(self, model: Model, wanted: Hosting, there: int) -> tuple[str, str]:
        """Return which step it is, and what changes by it."""
        scaling, replicas = wanted.scaling, replicas_of(wanted)
        if why := self.load.why(model, replicas):
            noun = "replica" if replicas == 1 else "replicas"
            return WITH_LOAD, f"{why}: {replicas} {noun} instead of {there}"
        bounds = f"{scaling.minimum} to {scaling.maximum} replicas are planned now"
        return AS_PLANNED, f"{bounds}: {replicas} instead of {there}"

    async def _take_back(self, model_id: str, asked: Hosting) -> None:
        """End what was asked for too late: a model that was stopped meanwhile stays so."""
        model = await self.lifecycle.beginning.models.by_id(model_id)
        host = host_among(self.lifecycle.hosts, asked)
        if model is None or model.status is ModelStatus.DELETING:
            await host.remove(model_id)
        elif model.status in TO_STAND_STILL:
            await host.ensure(model_id, hosting_of(model), 0)
