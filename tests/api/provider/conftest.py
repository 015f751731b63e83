"""The provider as the local profile serves it, on a free port, over rows in memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from socket import AF_INET, SOCK_STREAM, socket

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from lisa.adapters.memory.blobs import MemoryBlobs
from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.assembly import assemble
from lisa.bootstrap.content_ports import ContentPorts
from lisa.bootstrap.local_addresses import own_origins
from lisa.bootstrap.local_provider import own_client, provider_services, trusting
from lisa.declared.settings import LocalSettings
from lisa.http.app import create_app
from lisa.http.provider.app import provider_app
from tests.api.provider.dance import PASSWORD, ROOT, Dance
from tests.passwords import PASSWORDS


@pytest.fixture
async def dance(tmp_path: Path) -> AsyncIterator[Dance]:
    with socket(AF_INET, SOCK_STREAM) as listening:
        listening.bind(("127.0.0.1", 0))
        settings = LocalSettings(home=tmp_path, port=listening.getsockname()[1])
        clock = ManualClock()
        tables = MemoryTables(clock)
        ports = ContentPorts(tables, clock, RandomIds(), MemoryBlobs())
        client = own_client(settings)
        assert client
        identity = trusting(settings, client)
        services = assemble(ports, own_origins(settings), identity, passwords=PASSWORDS)
        provider = await provider_services(client, ports, PASSWORDS, settings.home)
        app = Starlette(
            routes=[
                Mount("/oidc", provider_app(provider)),
                Mount("/api", create_app(services)),
            ]
        )
        origin = f"http://127.0.0.1:{settings.port}"
        async with _served(app, listening), httpx.AsyncClient(base_url=origin) as browser:
            dance = Dance(origin, services, clock, tables, browser)
            await dance.accounts.create(ROOT, "alice", PASSWORD, frozenset({"staff"}))
            yield dance


@asynccontextmanager
async def _served(app: ASGIApp, listening: socket) -> AsyncIterator[None]:
    config = uvicorn.Config(app, lifespan="off", log_config=None, server_header=False)
    server = uvicorn.Server(config)
    listening.listen()  # whoever comes before the server is there waits
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving
