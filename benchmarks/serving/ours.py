"""The gateway as it is measured: tokens, policy, limits and metering on, over Postgres.

It is put together like the local profile's, of which only the log line per call is left out.
"""

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import uvicorn

from benchmarks.serving.stacks import sampled
from containers.serve.protocol import GatewayProtocol
from lisa.adapters.postgres.connections import Pool, open_pool
from lisa.adapters.postgres.schema import create_tables
from lisa.adapters.postgres.tables import PostgresTables
from lisa.adapters.system.clock import SystemClock
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.administration_routes import identity_services
from lisa.bootstrap.authentication import authenticator
from lisa.bootstrap.every_door import last_uses
from lisa.bootstrap.garbage import look_rarely
from lisa.bootstrap.gateway import build_gateway
from lisa.bootstrap.metered import metered
from lisa.bootstrap.ports import Ports
from lisa.declared.settings import IdentitySettings
from lisa.declared.tables import LOCAL_TABLES
from lisa.domain.identity import Limits, Principal, TokenKind
from lisa.domain.model import Model, Prices, Upstream
from lisa.gateway.asgi import Receive, Scope, Send
from lisa.gateway.service import GatewayService
from lisa.stores.models import ModelStore
from lisa.usecases.tokens import Wanted

WIDE: Final = Limits(requests_per_minute=10**9, tokens_per_minute=10**11, budget_usd_per_day=10**6)
GROUPS: Final = frozenset({"bench"})
DAYS: Final = 90


class Key:
    """The upstream's key."""

    async def resolve(self, reference: str) -> str:
        """Return it."""
        del reference
        return "upstream-key"

    def forget(self, reference: str) -> None:
        """Nothing is remembered."""


@dataclass
class Served:
    """One process's app, put together within its event loop."""

    service: GatewayService | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or live and die with the server."""
        if self.service:
            await self.service(scope, receive, send)
            return
        async with open_pool(os.environ["BENCH_DATABASE"]) as pool:
            self.service = gateway(ports_on(pool), Path(os.environ["BENCH_JOURNAL"]))
            look_rarely()
            with sampled(os.environ.get("BENCH_STACKS")):
                await self.service(scope, receive, send)


def gateway(ports: Ports, journal: Path) -> GatewayService:
    """Build the gateway."""
    counting = metered(ports, journal, DAYS)
    return build_gateway(
        ports,
        authenticator(ports.tables, ports.clock, IdentitySettings(), uses=last_uses(ports)),
        secrets=Key(),
        limiter=counting.limiter,
        meter=counting.meter,
        cache=counting.cache,
        beside=counting.beside,
    )


def ports_on(pool: Pool) -> Ports:
    """Choose the adapters."""
    clock = SystemClock()
    return Ports(PostgresTables(pool, clock), clock, RandomIds())


def fill(database: str, engine: str) -> str:
    """Make the tables, a model and a token; return the token's secret."""

    async def filled() -> str:
        async with open_pool(database) as pool:
            async with pool.connection() as connection:
                await create_tables(connection, LOCAL_TABLES)
            return await _fill(ports_on(pool), engine)

    return asyncio.run(filled())


async def _fill(ports: Ports, engine: str) -> str:
    now = ports.clock.now()
    model = Model(
        id="tiny",
        groups=GROUPS,
        upstreams=(Upstream(url=engine + "/v1", key="env:BENCH", concurrent=10_000),),
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
    uvicorn.run(
        "benchmarks.serving.ours:Served",
        factory=True,
        port=int(sys.argv[1]),
        workers=int(sys.argv[2]),
        loop="uvloop",
        http=GatewayProtocol,
        ws="none",
        lifespan="on",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        log_level="warning",
    )
