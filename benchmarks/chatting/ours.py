"""The gateway with turns as they are measured: over Postgres, as in the local profile."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
import uvloop

from benchmarks.serving.ours import DAYS, Key
from lisa.adapters.files.blobs import FileBlobs
from lisa.adapters.postgres.connections import open_pool
from lisa.adapters.postgres.schema import create_tables
from lisa.adapters.postgres.tables import PostgresTables
from lisa.adapters.system.clock import SystemClock
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.administration_routes import identity_services
from lisa.bootstrap.authentication import authenticator
from lisa.bootstrap.content_ports import ContentPorts
from lisa.bootstrap.every_door import last_uses
from lisa.bootstrap.garbage import look_rarely
from lisa.bootstrap.gateway import build_gateway
from lisa.bootstrap.metered import metered
from lisa.bootstrap.tool_calls import tool_servers_of
from lisa.bootstrap.turns import TurnPorts
from lisa.declared.settings import IdentitySettings
from lisa.declared.tables import LOCAL_TABLES
from lisa.domain.identity import Principal, TokenKind
from lisa.domain.model import Model, Upstream
from lisa.gateway.service import GatewayService
from lisa.stores.models import ModelStore
from lisa.usecases.tokens import Wanted


@asynccontextmanager
async def gateway() -> AsyncIterator[GatewayService]:
    """Build the gateway over the database that the environment names."""
    async with open_pool(os.environ["BENCH_POSTGRES"]) as pool:
        async with pool.connection() as connection:
            await create_tables(connection, LOCAL_TABLES)
        clock = SystemClock()
        blobs = FileBlobs(Path(os.environ["BENCH_HOME"]), b"k" * 32, clock, "http://127.0.0.1")
        ports = ContentPorts(PostgresTables(pool, clock), clock, RandomIds(), blobs)
        _tell(await _fill(ports))
        counting = metered(ports, Path(os.environ["BENCH_HOME"]) / "journal", DAYS)
        yield build_gateway(
            ports,
            authenticator(ports.tables, clock, IdentitySettings(), uses=last_uses(ports)),
            secrets=Key(),
            limiter=counting.limiter,
            meter=counting.meter,
            turns=TurnPorts(ports, tool_servers_of(Key())),
            beside=counting.beside,
        )


def _tell(token: str) -> None:
    Path(os.environ["BENCH_TOKEN_FILE"]).write_text(token)


async def _fill(ports: ContentPorts) -> str:
    """Add a model and a token; return its secret."""
    now = ports.clock.now()
    upstream = Upstream(url=os.environ["BENCH_ENGINE"] + "/v1", key="env:BENCH", concurrent=10_000)
    model = Model(id="tiny", upstreams=(upstream,), created=now, changed=now)
    await ModelStore(ports.tables).add(model)
    wanted = Wanted(name="bench", owner="bench", kind=TokenKind.SERVICE)
    root = Principal(subject="root", admin=True)
    return (await identity_services(ports).tokens.issue(root, wanted)).secret


async def serve(port: int) -> None:
    """Serve until told to stop."""
    async with gateway() as service:
        config = uvicorn.Config(
            service,
            port=port,
            http="httptools",
            access_log=False,
            log_level="warning",
            timeout_graceful_shutdown=2,
        )
        look_rarely()
        await uvicorn.Server(config).serve()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
