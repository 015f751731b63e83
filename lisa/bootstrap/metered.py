"""What every gateway process counts and limits with, whatever it stands on."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from secrets import randbelow
from typing import Final

from lisa.adapters.files.journal import FileJournal
from lisa.bootstrap.every_door import switches_of
from lisa.bootstrap.gateway import Works
from lisa.bootstrap.ports import Ports
from lisa.ports.calls import Meter
from lisa.stores.allowances import AllowanceStore
from lisa.stores.usage.batches import UsageBatches
from lisa.usecases.answer_cache import AnswerCache
from lisa.usecases.limits.configured import ConfiguredLimits
from lisa.usecases.limits.limiter import FleetLimiter
from lisa.usecases.metering import BatchingMeter
from lisa.usecases.metering_totals import MeteringTotals

LANES: Final = 16  # in which processes add to the same sums


@dataclass(frozen=True)
class Metered:
    """Limiter, meter and remembered answers of a process, and what they do beside the requests."""

    limiter: FleetLimiter
    meter: BatchingMeter
    totals: MeteringTotals
    cache: AnswerCache

    @property
    def beside(self) -> Works:
        """Return what runs as long as the process does."""
        return self.limiter.keep_reporting, self._keep_metering

    async def _keep_metering(self) -> None:
        """Store what is counted until cancelled, and the rest at the end."""
        async with self.meter.running():
            await asyncio.Event().wait()


def metered(ports: Ports, journal: Path, days: int, *watchers: Meter) -> Metered:
    """Open this process's journal; calls are listed for `days`, `watchers` told of each too."""
    totals = MeteringTotals()
    meter = BatchingMeter(
        UsageBatches(ports.tables, lane=randbelow(LANES), days=days),
        FileJournal(journal),
        ports.clock,
        ports.ids,
        watchers=(totals, *watchers),
    )
    limiter = FleetLimiter(
        AllowanceStore(ports.tables, ports.clock),
        ConfiguredLimits(switches_of(ports)),
        ports.ids.new("gateway"),
        meter.lost,
    )
    return Metered(limiter, meter, totals, AnswerCache(ports.clock))
