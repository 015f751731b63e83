"""How many replicas each model's load has come to want, as far as this process saw it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lisa.domain.hosting import Hosting
from lisa.domain.model import Model
from lisa.ports.clock import Clock
from lisa.ports.hosts import Replica
from lisa.stores.model_reports import ModelReports
from lisa.usecases.lifecycle.ground import hosting_of
from lisa.usecases.load_scaling import Tracking, load_of
from lisa.usecases.planned_scaling import hosting_now, replicas_of


@dataclass
class Level:
    """So many replicas, whatever the bounds are now; `words` say why where it isn't told yet."""

    run: str
    replicas: int
    words: str = ""
    low_since: datetime | None = None


@dataclass(frozen=True)
class FollowingLoad:
    """Begins anew with each run of a model, at what is desired of it.

    A process that didn't see its load so far begins with as many replicas as it finds.
    """

    reports: ModelReports
    clock: Clock
    _levels: dict[str, Level] = field(default_factory=dict)

    def wanted(self, model: Model, there: int) -> Hosting:
        """Return the hosting with the bounds that are in force, and what is wanted within them."""
        hosting, level = hosting_of(model), self._level(model, there)
        scaling = hosting.scaling.model_copy(update={"desired": level.replicas})
        return hosting_now(hosting.model_copy(update={"scaling": scaling}), self.clock.now())

    async def look(self, model: Model, there: Sequence[Replica]) -> None:
        """See whether the load wants another number by now."""
        level, now = self._level(model, len(there)), self.clock.now()
        wanted = self.wanted(model, len(there))
        load = load_of(await self.reports.uses(model.id), now)
        tracking = Tracking(wanted.scaling, replicas_of(wanted), there)
        verdict = tracking.verdict(load, level.low_since, now)
        level.low_since = verdict.low_since
        if verdict.replicas != tracking.count:
            level.replicas, level.words = verdict.replicas, verdict.words

    def why(self, model: Model, replicas: int) -> str:
        """Return why the load wants so many, where that isn't told yet."""
        level = self._levels[model.id]
        return level.words if level.replicas == replicas else ""

    def is_told(self, model: Model) -> None:
        """Remember that it needn't be told again."""
        self._levels[model.id].words = ""

    def _level(self, model: Model, there: int) -> Level:
        level = self._levels.get(model.id)
        if level is None or level.run != model.run:
            hosting = hosting_of(model)
            begins = replicas_of(hosting_now(hosting, self.clock.now()))
            known = there if level is None and there not in {0, begins} else hosting.scaling.desired
            level = self._levels[model.id] = Level(model.run, known)
        return level
