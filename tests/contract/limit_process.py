"""One gateway process as limits see it: asks for leave as fast as it can, and says how often it got
it, for tests that run several.
"""

import asyncio
import sys
import time

from lisa.adapters.postgres.connections import open_pool
from lisa.adapters.postgres.tables import PostgresTables
from lisa.adapters.system.clock import SystemClock
from lisa.domain.errors import LimitReached
from lisa.domain.identity import Limits, Principal
from lisa.domain.model import Model, Prices
from lisa.domain.usage import Counts
from lisa.ports.calls import Ask
from lisa.stores.allowances import AllowanceStore
from lisa.usecases.limits.limiter import FleetLimiter
from lisa.usecases.limits.settings import LimitSettings

CALLERS = 8
LONGEST = 40.0


async def main(conninfo: str, holder: str, limit: str, patience: float) -> int:
    """Ask with several callers at once; every call uses exactly what it reserved."""
    clock = SystemClock()
    settings = LimitSettings(everybody=Limits.model_validate_json(limit))

    async def limits() -> LimitSettings:
        return settings

    async with open_pool(conninfo, size=4) as pool:
        store = AllowanceStore(PostgresTables(pool, clock), clock)
        limiter = FleetLimiter(store, limits, holder, lambda *_: None)
        reporting = asyncio.create_task(limiter.keep_reporting())
        asking = (ask(limiter, clock, patience) for _ in range(CALLERS))
        admitted = await asyncio.gather(*asking)
        reporting.cancel()
        await asyncio.gather(reporting, return_exceptions=True)
    return sum(admitted)


async def ask(limiter: FleetLimiter, clock: SystemClock, patience: float) -> int:
    """Ask until nothing was let through for so many seconds, or a minute is nearly over."""
    now, admitted = clock.now(), 0
    last = time.monotonic() + LONGEST
    ends = time.monotonic() + patience
    model = Model(id="m", created=now, changed=now, prices=Prices(completion=10_000, source="t"))
    while time.monotonic() < min(ends, last):
        try:
            permit = await limiter.admit(Ask("c", Principal(subject="ann"), model, "chat", 0, 100))
        except LimitReached:
            await asyncio.sleep(0.02)
            continue
        await asyncio.sleep(0)
        await permit.settle(Counts(completion=100), 1.0)
        admitted += 1
        ends = time.monotonic() + patience
    return admitted


if __name__ == "__main__":
    database, name, wanted, seconds = sys.argv[1:]
    sys.stdout.write(str(asyncio.run(main(database, name, wanted, float(seconds)))))
