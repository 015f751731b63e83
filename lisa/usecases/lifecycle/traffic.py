"""How many calls are under way, by what gateways reported."""

from dataclasses import dataclass

from lisa.ports.clock import Clock
from lisa.stores.model_reports import ModelReports


@dataclass(frozen=True)
class ReportedTraffic:
    """Counts calls by the gateways' last words, as long as those can be believed."""

    reports: ModelReports
    clock: Clock

    async def under_way(self, model_id: str) -> int:
        """Return how many calls of a model haven't ended."""
        return await self.reports.under_way(model_id, self.clock.now())
