"""A gateway that serves on loopback, with what tests need to change and look at."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn

from containers.serve.protocol import GatewayProtocol
from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.system.clock import SystemClock
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.administration_routes import identity_services
from lisa.bootstrap.authentication import accepting_passes, authenticator
from lisa.bootstrap.gateway import USUAL_BOUNDS, Bounds, LiteLlmService, build_gateway
from lisa.bootstrap.ports import Ports
from lisa.bootstrap.stop_signal import StopSignal
from lisa.bootstrap.tracing import Tracing
from lisa.declared.settings import IdentitySettings
from lisa.domain.errors import LimitReached, Unavailable
from lisa.domain.identity import Principal, TokenKind
from lisa.domain.model import Model, Upstream
from lisa.domain.usage import Call, Counts
from lisa.gateway.service import GatewayService
from lisa.ports.calls import Ask, Limiter, Meter, Permit, Unlimited
from lisa.ports.secrets import RenewableSecrets
from lisa.ports.table import Tables
from lisa.ports.waking import Waker
from lisa.stores.model_reports import ModelReports
from lisa.stores.models import ModelStore
from lisa.usecases.answer_cache import AnswerCache
from lisa.usecases.tokens import TokenUses, Wanted
from tests.contract.builtin_models import SECRET as BUILT_IN_SECRET
from tests.standins.engine.server import Engine

ROOT = Principal(subject="root", admin=True)
LITELLM_KEY = "file:/litellm/secret"
PAGE = "https://chat.example.org"
LITELLM_SECRET = "between-us"
SECRETS = {
    "env:ENGINE_KEY": "upstream-key",
    LITELLM_KEY: LITELLM_SECRET,
    "env:BUILT_IN_KEY": BUILT_IN_SECRET,
}
NO_TRACING = Tracing()
PASSES_SECRET = b"of the whole deployment"


class Known:
    """Secrets of the tests."""

    async def resolve(self, reference: str) -> str:
        if reference not in SECRETS:
            raise Unavailable("no such secret")
        return SECRETS[reference]

    def forget(self, reference: str) -> None:
        """Nothing is remembered."""


KNOWN = Known()


@dataclass
class Kept:
    """One reservation."""

    ask: Ask
    permit: Permit
    settled: list[tuple[Counts | None, float]] = field(default_factory=list)
    headers: dict[str, str] = field(
        default_factory=lambda: {"x-ratelimit-remaining-requests": "41"}
    )

    async def settle(self, counts: Counts | None, cost: float) -> None:
        self.settled.append((counts, cost))
        await self.permit.settle(counts, cost)


@dataclass
class Books:
    """A limiter and a meter that remember; subjects in `denied` are over their limit.

    Nobody else is, unless `limiter` says so.
    """

    permits: list[Kept] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    denied: set[str] = field(default_factory=set)
    limiter: Limiter = field(default_factory=Unlimited)
    watchers: tuple[Meter, ...] = ()

    async def admit(self, ask: Ask) -> Permit:
        if ask.caller.subject in self.denied:
            raise LimitReached("too many requests", retry_after=7)
        self.permits.append(Kept(ask, await self.limiter.admit(ask)))
        return self.permits[-1]

    def begin(self, ask: Ask) -> None:
        assert any(kept.ask == ask for kept in reversed(self.permits))
        for watcher in self.watchers:
            watcher.begin(ask)

    def note(self, call: Call) -> None:
        self.calls.append(call)
        for watcher in self.watchers:
            watcher.note(call)

    async def last_call(self) -> Call:
        """Return the record of the only call, which is noted right after its answer."""
        async with asyncio.timeout(5):
            while not self.calls:  # noqa: ASYNC110 - the gateway tells nobody
                await asyncio.sleep(0.01)
        assert [len(permit.settled) for permit in self.permits] == [1] * len(self.permits)
        return self.calls[-1]


@dataclass(repr=False)  # asyncio asks for it, and it would be huge
class Running:
    """A gateway that serves."""

    url: str
    models: ModelStore
    tokens: TokenUses
    books: Books
    service: GatewayService
    reports: ModelReports
    clock: SystemClock = field(default_factory=SystemClock)

    @property
    def openai(self) -> str:
        return f"{self.url}/v1"

    async def token(self, subject: str = "alice", **more: Any) -> str:
        """Return the secret of a new token."""
        wanted = Wanted(name=subject, owner=subject, kind=TokenKind.SERVICE, **more)
        return (await self.tokens.issue(ROOT, wanted)).secret

    async def add(self, name: str, *upstreams: Upstream, **more: Any) -> Model:
        """Add a model, and let the gateway know it at once."""
        now = self.clock.now()
        model = Model(id=name, upstreams=upstreams, created=now, changed=now, **more)
        await self.models.add(model)
        await self.service.gateway.calls.registry.refresh()
        return model

    async def change(self, name: str, **changes: Any) -> None:
        """Change a model, and let the gateway know it at once."""
        old = await self.models.by_id(name)
        assert old
        await self.models.change(old, old.model_copy(update=changes))
        await self.service.gateway.calls.registry.refresh()

    async def quiet(self) -> bool:
        """Wait until no call is under way and none waits; tell whether that came about."""
        queues = self.service.gateway.calls.queues
        for _ in range(300):
            states = [queues.of(model) for model in self.service.gateway.calls.registry.all()]
            busy = sum(slots.under_way for each in states for slots in each.slots.values())
            if not busy and not any(each.waiting for each in states):
                return True
            await asyncio.sleep(0.01)
        return False


def to(engine: Engine, **more: Any) -> Upstream:
    """Return an upstream that is this engine."""
    return Upstream(url=engine.url, **more)


@asynccontextmanager
async def running_gateway(  # noqa: PLR0913 - one for each thing that tests vary
    engine: Engine,
    bounds: Bounds = USUAL_BOUNDS,
    models: Iterable[str] = ("tiny",),
    *,
    tracing: Tracing = NO_TRACING,
    secrets: RenewableSecrets = KNOWN,
    own_secrets: tuple[str, ...] = (),
    waker: Waker | None = None,
    tables: Tables | None = None,
    stop: StopSignal | None = None,
    origins: frozenset[str] = frozenset({PAGE}),
) -> AsyncIterator[Running]:
    """Serve a gateway whose LiteLLM service is played by the engine, too."""
    clock = SystemClock()
    tables = tables or MemoryTables(clock)
    reports = ModelReports(tables)
    ports, books = Ports(tables, clock, RandomIds()), Books(watchers=tracing.watchers)
    service = build_gateway(
        ports,
        accepting_passes(authenticator(tables, clock, IdentitySettings()), PASSES_SECRET, clock),
        secrets=secrets,
        own_secrets=own_secrets,
        limiter=books,
        cache=AnswerCache(clock),
        meter=books,
        litellm=LiteLlmService(engine.url.removesuffix("/v1"), LITELLM_KEY),
        origins=origins,
        bounds=bounds,
        waker=waker,
        reports=reports,
        stop=stop,
        beside=(*tracing.beside, stop.listen) if stop else tracing.beside,
    )
    async with serving(tracing.around(service)) as url:
        tokens = identity_services(ports).tokens
        running = Running(url, ModelStore(tables), tokens, books, service, reports)
        for name in models:
            await running.add(name, to(engine, key="env:ENGINE_KEY"))
        yield running


@asynccontextmanager
async def serving(app: Any) -> AsyncIterator[str]:
    """Run the real server on a free port."""
    made = socket.create_server(("127.0.0.1", 0))
    listening = socket.socket(fileno=made.detach())  # knows its protocol, so asyncio won't delay
    config = uvicorn.Config(
        app,
        http=GatewayProtocol,
        ws="none",
        log_config=None,
        lifespan="on",
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:  # noqa: ASYNC110 - uvicorn tells nobody
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
        listening.close()
