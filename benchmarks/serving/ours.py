"""The gateway as it is measured: token, policy, limits and metering on, tables in memory."""

import asyncio
import os
import sys
from collections import Counter
from pathlib import Path

import uvicorn

from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.system.clock import SystemClock
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.assembly import Ports, identity_services, last_uses
from lisa.bootstrap.authentication import authenticator
from lisa.bootstrap.gateway import build_gateway
from lisa.declared.settings import IdentitySettings
from lisa.domain.identity import Limits, Principal, TokenKind
from lisa.domain.model import Model, Prices, Upstream
from lisa.domain.usage import Call
from lisa.gateway.service import GatewayService
from lisa.ports.calls import Ask
from lisa.stores.allowances import AllowanceStore
from lisa.stores.models import ModelStore
from lisa.usecases.limits.limiter import FleetLimiter
from lisa.usecases.limits.settings import LimitSettings
from lisa.usecases.tokens import Wanted

WIDE = Limits(requests_per_minute=10**9, tokens_per_minute=10**11, budget_usd_per_day=10**6)
GROUPS = frozenset({"bench"})


class Key:
    """The upstream's key."""

    async def resolve(self, reference: str) -> str:
        """Return it."""
        del reference
        return "upstream-key"


class Sums:
    """A meter that adds records up in memory."""

    def __init__(self) -> None:
        self._sums: Counter[tuple[str, str, int]] = Counter()

    def begin(self, ask: Ask) -> None:
        """Remember nothing."""

    def note(self, call: Call) -> None:
        """Add a record."""
        self._sums[call.subject, call.model, call.status] += call.counts.total


def app(ports: Ports) -> GatewayService:
    """Build the gateway."""
    tables, clock = ports.tables, ports.clock

    settings = LimitSettings()

    async def limits() -> LimitSettings:
        return settings

    limiter = FleetLimiter(AllowanceStore(tables, clock), limits, "bench", lambda *_: None)
    return build_gateway(
        ports,
        authenticator(tables, clock, IdentitySettings(), uses=last_uses(ports)),
        secrets=Key(),
        limiter=limiter,
        meter=Sums(),
        beside=(limiter.keep_reporting,),
    )


async def _fill(ports: Ports) -> str:
    """Add a model and a token; return its secret."""
    now = ports.clock.now()
    upstream = Upstream(url=os.environ["BENCH_ENGINE"] + "/v1", key="env:BENCH", concurrent=10_000)
    model = Model(
        id="tiny",
        groups=GROUPS,
        upstreams=(upstream,),
        prices=Prices(prompt=1, completion=2, source="bench"),
        created=now,
        changed=now,
    )
    await ModelStore(ports.tables).add(model)
    wanted = Wanted(
        name="bench",
        owner="bench",
        kind=TokenKind.SERVICE,
        groups=GROUPS,
        scopes=frozenset({"inference", "model:tiny"}),
        limits=WIDE,
    )
    root = Principal(subject="root", admin=True)
    return (await identity_services(ports).tokens.issue(root, wanted)).secret


if __name__ == "__main__":
    clock = SystemClock()
    ports = Ports(MemoryTables(clock), clock, RandomIds())
    Path(os.environ["BENCH_TOKEN_FILE"]).write_text(asyncio.run(_fill(ports)))
    uvicorn.run(
        app(ports),
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
    )
