"""The control API over memory: the real app, called through ASGI."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, cast

import httpx
import pytest
from fastapi import FastAPI

from lisa.adapters.ec2.instance_types import SdkInstanceTypes
from lisa.adapters.mcp.servers import McpToolServers
from lisa.adapters.memory.blobs import MemoryBlobs
from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.memory.secrets import MemorySecrets
from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.probe.prober import HttpProber
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.assembly import assemble
from lisa.bootstrap.content_ports import ContentPorts
from lisa.bootstrap.knowledge import KnowledgePorts
from lisa.bootstrap.model_routes import ModelPorts
from lisa.bootstrap.tool_routes import ToolPorts
from lisa.domain.identity import Principal, TokenKind
from lisa.http.app import create_app
from lisa.http.services import Services
from lisa.usecases.tokens import Wanted
from tests.api.knowledge import knowledge_ports
from tests.api.staging import NOWHERE, Stage, staged
from tests.authorities import trusting_nobody
from tests.passwords import PASSWORDS

ORIGIN = "http://lisa.test"


@dataclass(repr=False)  # asyncio asks for it, and it would be huge
class Api:
    """The app, its services, and a client for each caller."""

    services: Services
    app: FastAPI
    clock: ManualClock
    blobs: MemoryBlobs
    stage: Stage
    ports: ContentPorts
    knowledge: KnowledgePorts
    anonymous: httpx.AsyncClient
    admin: httpx.AsyncClient
    alice: httpx.AsyncClient
    bob: httpx.AsyncClient

    async def token(self, name: str, *, admin: bool = False) -> str:
        """Make a token as the administrator does."""
        assert self.services.identity
        root = Principal(subject="root", admin=True)
        wanted = Wanted(name=name, owner=name, kind=TokenKind.USER, admin=admin)
        return (await self.services.identity.tokens.issue(root, wanted)).secret

    def client(self, **headers: str) -> httpx.AsyncClient:
        """Return a client that sends these headers."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers)


def model_ports() -> ModelPorts:
    """Keep keys in memory, and try upstreams for real."""
    secrets = MemorySecrets()
    return ModelPorts(secrets, HttpProber(secrets), SdkInstanceTypes())


def tool_ports() -> ToolPorts:
    """Keep credentials in memory, and call tool servers for real."""
    secrets = MemorySecrets()
    return ToolPorts(secrets, McpToolServers(secrets))


@cache
def whole_app(number: int) -> FastAPI:  # noqa: ARG001 - each number stands for another app
    """Build an app of every route once: that takes longer than most tests."""
    nothing = cast("Any", object())
    return create_app(Services(*[nothing] * len(fields(Services))))


def served_by(services: Services, number: int = 0) -> FastAPI:
    """Let these services answer in place of the former ones."""
    app = whole_app(number)
    app.state.services = services
    return app


_trusting_nobody = pytest.fixture(scope="session", autouse=True)(trusting_nobody)


@pytest.fixture
def engines_address() -> str:
    """Say where the engines of models that LISA runs answer."""
    return NOWHERE


@pytest.fixture
async def api(engines_address: str) -> AsyncIterator[Api]:
    clock, blobs = ManualClock(), MemoryBlobs()
    ports = ContentPorts(MemoryTables(clock), clock, RandomIds(), blobs)
    stage = staged(ports, model_ports(), engines_address)
    knowledge = knowledge_ports()
    services = assemble(
        ports,
        origins=frozenset({ORIGIN}),
        passwords=PASSWORDS,
        models=stage.ports,
        tools=tool_ports(),
        knowledge=knowledge,
    )
    app = served_by(services)
    nobody = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN)
    api = Api(services, app, clock, blobs, stage, ports, knowledge, nobody, nobody, nobody, nobody)
    await nobody.aclose()
    api.anonymous = api.client()
    api.admin = api.client(authorization=f"Bearer {await api.token('admin', admin=True)}")
    api.alice = api.client(authorization=f"Bearer {await api.token('alice')}")
    api.bob = api.client(authorization=f"Bearer {await api.token('bob')}")
    yield api
    for client in (api.anonymous, api.admin, api.alice, api.bob):
        await client.aclose()
