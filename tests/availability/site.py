"""A deployment's inference plane on this machine: gateways, LiteLLM and engines in two zones.

All of LISA's programs are the real ones, in processes of their own. What is played: DynamoDB, the
balancers, the engines.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

from lisa.adapters.dynamodb.tables import DynamoTables
from lisa.adapters.system.clock import SystemClock
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.administration_routes import identity_services
from lisa.bootstrap.ports import Ports
from lisa.declared.services import LITELLM, SERVE
from lisa.domain.identity import Limits, Principal, TokenKind
from lisa.domain.model import Model, Upstream
from lisa.domain.usage import Call
from lisa.stores.models import ModelStore
from lisa.stores.usage.records import CallSearch, UsageRecords
from lisa.usecases.tokens import Wanted
from tests.availability.tasks import Task, started
from tests.availability.waiting import PATIENCE, until
from tests.standins.balancer.server import Balancer
from tests.standins.engine.server import Engine

ROOT: Final = Principal(subject="root", admin=True)
DIRECT: Final = "direct"  # the gateway calls its engine
BESIDE: Final = "beside"  # the gateway calls LiteLLM, which calls the engine
SECRET: Final = "made-up-secret-of-the-gateway"
ENGINE_KEY: Final = "made-up-key-of-the-engine"
KINDS: Final = ("serve", "litellm")
BUSY: Final = 2  # streams


@dataclass
class Zone:
    """What runs in one zone."""

    engine: Engine
    tasks: dict[str, Task] = field(default_factory=dict)
    is_lost: bool = True

    async def lose(self) -> None:
        """Lose all of it at once."""
        self.is_lost = True
        for task in self.tasks.values():
            task.strike()
        for task in self.tasks.values():
            task.kill()
        await self.engine.go()


@dataclass(repr=False)  # asyncio asks for it, and it would be huge
class Site:
    """Balancers, and what is behind them."""

    tables: DynamoTables
    folder: Path
    environment: Mapping[str, str]
    fronts: Mapping[str, Balancer]  # of the gateways and of LiteLLM
    models: Balancer
    zones: tuple[Zone, Zone]
    tasks: list[Task] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.fronts['serve'].url}/v1"

    async def whole(self) -> tuple[Zone, Zone]:
        """Start what isn't there, and wait until calls are sent to all of it."""
        for zone in self.zones:
            if zone.is_lost:
                await zone.engine.come()
                self.models.add(zone.engine.port)
                zone.is_lost = False
            for kind in KINDS:
                if kind not in zone.tasks or zone.tasks[kind].has_ended:
                    self.replace(zone, kind)
        for kind in KINDS:
            self._take_out_others(kind)
            await self.until_well(kind, *(zone.tasks[kind] for zone in self.zones))
        engines = [zone.engine.port for zone in self.zones]
        await until(lambda: self.models.sends_to(*engines))
        return self.zones

    def replace(self, zone: Zone, kind: str, disk: Path | None = None) -> Task:
        """Start another one in a former one's place, on a disk of its own unless one is given."""
        folder = disk or self.folder / f"{kind}-{len(self.tasks)}"
        folder.mkdir(exist_ok=True)
        journal = {"LISA_SERVE_JOURNAL": str(folder)} if kind == "serve" else {}
        zone.tasks[kind] = task = started(kind, folder, {**self._environment(kind), **journal})
        self.tasks.append(task)
        self.fronts[kind].add(task.port)
        return task

    async def busy(self, kind: str, task: Task) -> None:
        """Wait until several streams of its are on their way."""
        target = self.fronts[kind].targets[task.port]
        await until(lambda: target.answering >= BUSY)

    async def until_well(self, kind: str, *tasks: Task) -> None:
        """Wait until the balancer of a kind sends calls to these, and to nobody else."""
        ports = [task.port for task in tasks]
        front = self.fronts[kind]
        await until(lambda: front.sends_to(*ports) or any(task.has_ended for task in tasks))
        assert front.sends_to(*ports), self.logs()

    async def token(self, name: str, limits: Limits) -> str:
        """Make a token for a program."""
        ports = Ports(self.tables, SystemClock(), RandomIds())
        wanted = Wanted(name=name, owner=name, kind=TokenKind.SERVICE, limits=limits)
        return (await identity_services(ports).tokens.issue(ROOT, wanted)).secret

    async def records(self, subject: str) -> list[Call]:
        """Return what is recorded of somebody's calls."""
        now, found, cursor = SystemClock().now(), list[Call](), ""
        day = timedelta(days=1)
        while True:
            search = CallSearch(now - day, now + day, subject, limit=1000, cursor=cursor)
            page, cursor = await UsageRecords(self.tables).page(search)
            found += page
            if not cursor:
                return found

    async def recorded(self, subject: str, *ids: str) -> list[Call]:
        """Return all records of somebody as soon as these are among them."""
        found: list[Call] = []
        async with asyncio.timeout(PATIENCE):
            while not {*ids} <= {call.id for call in found}:
                await asyncio.sleep(0.2)
                found = await self.records(subject)
        return found

    def logs(self) -> str:
        """Return the ends of what the programs said."""
        return "\n".join(path.read_text()[-2000:] for path in sorted(self.folder.rglob("*.log")))

    async def end(self) -> None:
        """End whatever still runs."""
        for task in self.tasks:
            task.kill()
        for zone in self.zones:
            await zone.engine.go()

    def _take_out_others(self, kind: str) -> None:
        """Leave what is in the zones."""
        there = {zone.tasks[kind].port for zone in self.zones}
        for port in {*self.fronts[kind].targets} - there:
            self.fronts[kind].drain(port)

    def _environment(self, kind: str) -> dict[str, str]:
        secret = {"LISA_LITELLM_SECRET": f"file:{self.folder / 'secret'}"}
        if kind == "litellm":
            return secret | {"ENGINE_KEY": ENGINE_KEY}
        return {**self.environment, **secret, "LISA_LITELLM_URL": self.fronts["litellm"].url}


@asynccontextmanager
async def site(
    tables: DynamoTables, environment: Mapping[str, str], folder: Path
) -> AsyncIterator[Site]:
    """Put the balancers up, and the models into the table."""
    (folder / "secret").write_text(SECRET)
    fronts = {each.name: Balancer(each.health_path) for each in (SERVE, LITELLM)}
    models = Balancer("/v1/models")
    async with AsyncExitStack() as listening:
        for each in (*fronts.values(), models):
            await listening.enter_async_context(each.listening())
        now = SystemClock().now()
        for name, upstream in _upstreams(f"{models.url}/v1").items():
            model = Model(id=name, upstreams=(upstream,), created=now, changed=now)
            await ModelStore(tables).add(model)
        zones = Zone(Engine()), Zone(Engine())
        running = Site(tables, folder, environment, fronts, models, zones)
        try:
            yield running
        finally:
            await running.end()


def _upstreams(url: str) -> dict[str, Upstream]:
    by_litellm = Upstream(kind="litellm", target="openai/tiny", url=url, key="env:ENGINE_KEY")
    return {DIRECT: Upstream(url=url), BESIDE: by_litellm}
