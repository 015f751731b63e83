"""Stopping models that nobody has called for as long as was set for them."""

from dataclasses import dataclass
from datetime import timedelta

from lisa.domain.errors import Conflict
from lisa.domain.model import Model
from lisa.stores.model_reports import ModelReports
from lisa.usecases.lifecycle.beginning import Asked
from lisa.usecases.lifecycle.orders import Lifecycle
from lisa.usecases.lifecycle.planned import LISA


@dataclass(frozen=True)
class Idling:
    """Knows by the gateways' reports when a model was called last; what nobody told of is kept."""

    lifecycle: Lifecycle
    reports: ModelReports

    async def stop(self, model: Model) -> None:
        """Begin to stop it if it was in service and not called for its idle time."""
        seconds = model.hosting.idle_seconds if model.hosting else None
        if seconds is None or not model.in_service:
            return
        now = self.lifecycle.beginning.clock.now()
        since = now - timedelta(seconds=seconds)
        last = await self.reports.last_used(model.id)
        if last is None or last > since or model.changed > since:
            return
        if await self.reports.under_way(model.id, now):
            return
        asked = Asked(LISA, version=model.version, why=f"idle for {_told(now - last)}")
        try:
            await self.lifecycle.stop(asked, model.id)
        except Conflict:
            return  # somebody changes it now, so it isn't idle


def _told(time: timedelta) -> str:
    minutes, seconds = divmod(int(time.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "min"), (seconds, "s"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 s"
