"""When models run by themselves, for those who may see them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from lisa.domain.identity import Principal
from lisa.domain.model import Model
from lisa.domain.schedules import Planned
from lisa.ports.clock import Clock
from lisa.usecases.models import Models
from lisa.usecases.schedules import next_planned

AT_ONCE: Final = 1000


@dataclass(frozen=True)
class Scheduled:
    """A model, and what its schedule does next."""

    model: Model
    next: Planned | None


@dataclass(frozen=True)
class Timetable:
    """What callers can know of schedules."""

    models: Models
    clock: Clock

    async def one(self, caller: Principal, model_id: str) -> Scheduled:
        """Return a model's schedule; a model that the caller may not see isn't there."""
        return self._scheduled(await self.models.get(caller, model_id))

    async def all(self, caller: Principal) -> list[Scheduled]:
        """Return all schedules of models that the caller may see."""
        return [self._scheduled(model) async for model in self._seen_by(caller) if model.schedule]

    def _scheduled(self, model: Model) -> Scheduled:
        planned = next_planned(model.schedule, self.clock.now()) if model.schedule else None
        return Scheduled(model, planned)

    async def _seen_by(self, caller: Principal) -> AsyncIterator[Model]:
        models, cursor = await self.models.page(caller, limit=AT_ONCE, cursor="")
        while True:
            for model in models:
                yield model
            if not cursor:
                return
            models, cursor = await self.models.page(caller, limit=AT_ONCE, cursor=cursor)
