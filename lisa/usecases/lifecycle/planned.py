"""Doing what models' schedules plan, by LISA itself."""

from dataclasses import dataclass
from typing import Final

from lisa.domain.errors import ConditionFailed, LisaError
from lisa.domain.identity import Principal
from lisa.domain.lifecycle import ON_ITS_WAY
from lisa.domain.model import Model, ModelStatus
from lisa.domain.schedules import Act, Planned
from lisa.usecases.lifecycle.beginning import Asked
from lisa.usecases.lifecycle.orders import NOTHING_FAILED, Fields, Lifecycle
from lisa.usecases.schedules import last_planned

LISA: Final = Principal(subject="lisa:itself", admin=True)
MOST_TRIES: Final = 3
WANTED: Final = {Act.START: ModelStatus.IN_SERVICE, Act.STOP: ModelStatus.STOPPED}


@dataclass(frozen=True)
class PlannedActs:
    """Starts and stops models when it is time, each time once.

    A schedule that is new has done nothing yet, so what it planned last is done at once.
    """

    lifecycle: Lifecycle

    async def do(self, model: Model) -> None:
        """Do the last thing that was planned and isn't done; what is under way ends first."""
        now = self.lifecycle.beginning.clock.now()
        planned = last_planned(model.schedule, now) if model.schedule else None
        since = model.schedule_done
        if planned is None or (since and planned.at <= since) or model.status in ON_ITS_WAY:
            return
        done: Fields = {"schedule_done": now, **NOTHING_FAILED}
        if model.status is WANTED[planned.act]:
            await self._note(model, done)
            return
        try:
            await self._begin(model, planned, done)
        except LisaError as error:
            await self._note_failure(model, planned.act, error)

    async def _begin(self, model: Model, planned: Planned, done: Fields) -> None:
        why = f"its schedule {planned.act.lower()}s it at {planned.at:%Y-%m-%d %H:%M} UTC"
        asked = Asked(LISA, version=model.version, why=why)
        act = self.lifecycle.start if planned.act is Act.START else self.lifecycle.stop
        await act(asked, model.id, done)

    async def _note_failure(self, model: Model, act: Act, error: LisaError) -> None:
        """Show it; after the last try, leave it at that."""
        tries = model.schedule_tries % MOST_TRIES + 1  # after the last one begins another act
        noted = {"schedule_error": f"{act}: {error}"[:1000], "schedule_tries": tries}
        if tries == MOST_TRIES:
            noted["schedule_done"] = self.lifecycle.beginning.clock.now()
        await self._note(model, noted)

    async def _note(self, model: Model, noted: Fields) -> None:
        """Write it, unless the model changed just now: then the next look does."""
        try:
            new = model.model_copy(update=dict(noted))
            await self.lifecycle.beginning.models.change(model, new)
        except ConditionFailed:
            return
