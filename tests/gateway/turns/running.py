"""A gateway with turns that serves on loopback; several may share one store."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from openai import AsyncOpenAI

from lisa.adapters.memory.blobs import MemoryBlobs
from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.system.clock import SystemClock
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.administration_routes import identity_services
from lisa.bootstrap.authentication import accepting_passes, authenticator
from lisa.bootstrap.content_ports import ContentPorts
from lisa.bootstrap.gateway import Bounds, build_gateway
from lisa.bootstrap.knowledge import KnowledgePorts
from lisa.bootstrap.stop_signal import StopSignal
from lisa.bootstrap.tool_calls_when_asked import ToolServersWhenAsked
from lisa.bootstrap.turns import TurnPorts
from lisa.declared.settings import IdentitySettings
from lisa.domain.tool_server import ToolServer
from lisa.gateway.waking import WakingBounds
from lisa.ports.calls import Limiter, Unlimited
from lisa.ports.table import Tables
from lisa.ports.waking import Waker
from lisa.stores.model_reports import ModelReports
from lisa.stores.models import ModelStore
from lisa.stores.tool_servers import ToolServerStore
from tests.gateway.running import PAGE, PASSES_SECRET, Books, Known, Running, serving, to
from tests.standins.engine.server import Engine
from tests.standins.tool_server.server import tool_server

UNLIMITED = Unlimited()


def memory() -> ContentPorts:
    """Return an empty store."""
    clock = SystemClock()
    return content_ports(MemoryTables(clock))


def content_ports(tables: Tables) -> ContentPorts:
    """Return ports over these tables."""
    return ContentPorts(tables, SystemClock(), RandomIds(), MemoryBlobs())


@dataclass(repr=False)
class Turning(Running):
    """A gateway that serves turns."""

    clients: list[AsyncOpenAI] = field(default_factory=list)

    async def client(self, subject: str = "alice", **more: Any) -> Any:
        """Return OpenAI's own client, for a new token of this person; its unions are too wide."""
        token = await self.token(subject, **more)
        made = AsyncOpenAI(base_url=self.openai, api_key=token, max_retries=0, timeout=30)
        self.clients.append(made)
        return made


@asynccontextmanager
async def turning_gateway(
    ports: ContentPorts,
    drain_seconds: float = 5,
    limiter: Limiter = UNLIMITED,
    waker: Waker | None = None,
    knowledge: KnowledgePorts | None = None,
    *,
    chat: bool = True,
) -> AsyncIterator[Turning]:
    """Serve a gateway over this store."""
    stop = StopSignal(drain_seconds, 0)
    books, reports = Books(limiter=limiter), ModelReports(ports.tables)
    known = authenticator(ports.tables, ports.clock, IdentitySettings())
    service = build_gateway(
        ports,
        accepting_passes(known, PASSES_SECRET, ports.clock),
        secrets=Known(),
        limiter=books,
        meter=books,
        origins=frozenset({PAGE}),
        turns=TurnPorts(ports, ToolServersWhenAsked(Known()), stop, knowledge, chat=chat),
        bounds=Bounds(waking=WakingBounds(silent=0.2, sign_every=0.1)),
        waker=waker,
        reports=reports,
    )
    async with serving(service) as url:
        models, tokens = ModelStore(ports.tables), identity_services(ports).tokens
        running = Turning(url, models, tokens, books, service, reports)
        yield running
        for client in running.clients:
            await client.close()


@asynccontextmanager
async def registered(running: Turning) -> AsyncIterator[dict[str, Any]]:
    """Register a tool server of alice's that works, and return the tool that names it."""
    now = running.clock.now()
    with tool_server("http") as url:
        server = ToolServer(
            id="ts_1", owner="alice", name="sums", url=url, by_admin=True, created=now, changed=now
        )
        await ToolServerStore(running.models.tables).add(server)
        yield {"type": "mcp", "server_label": "sums", "allowed_tools": ["add"]}


@asynccontextmanager
async def one_gateway(engine: Engine) -> AsyncIterator[Turning]:
    """Serve a gateway over a store of its own, with one model."""
    async with turning_gateway(memory()) as running:
        await running.add("tiny", to(engine, key="env:ENGINE_KEY"))
        yield running
