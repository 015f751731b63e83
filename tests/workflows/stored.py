"""Repositories with stores of their own, over memory and a maker that does as it is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from lisa.adapters.memory.blobs import MemoryBlobs
from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.memory.vectors import MemoryStores, MemoryVectors
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.content_ports import ContentPorts
from lisa.bootstrap.knowledge import KnowledgePorts
from lisa.bootstrap.knowledge_routes import knowledge_services
from lisa.bootstrap.store_making import StoreMaking, store_steps_of
from lisa.bootstrap.store_watching import store_watch_of
from lisa.domain.errors import Unavailable
from lisa.domain.identity import Principal
from lisa.domain.knowledge.repository import Repository, Store, StoreKind
from lisa.domain.knowledge.store_offer import Offer, StoreOption
from lisa.domain.model import Model, ModelType, Upstream
from lisa.ports.hosts import HostState
from lisa.ports.store_hosts import Made
from lisa.ports.workflows import Workflows
from lisa.stores.knowledge.repositories import RepositoryStore
from lisa.stores.models import ModelStore
from tests.api.knowledge import LengthReranker, WordEmbedder
from tests.workflows.hosted import Bench

ROOT: Final = Principal(subject="root", admin=True)
OFFER: Final = Offer(
    StoreKind.PGVECTOR,
    options={"disk": StoreOption("Disk", 20, least=10, most=30)},
)


@dataclass
class Maker:
    """Needs so many looks to make a store and to remove it, or fails for a cause."""

    looks: int = 2
    cause: str = ""
    made: dict[str, int] = field(default_factory=dict)
    going: dict[str, int] = field(default_factory=dict)
    protected: set[str] = field(default_factory=set)

    def offers(self) -> Sequence[Offer]:
        return [OFFER]

    async def ensure(self, repository: Repository) -> None:
        self.made.setdefault(repository.uid, self.looks)

    async def observe(self, uid: str) -> Made:
        if uid not in self.made:
            return Made(HostState.ABSENT)
        if self.cause:
            return Made(HostState.FAILED, cause=self.cause, next_step="ask for less")
        self.made[uid] -= 1
        if self.made[uid] > 0:
            return Made(HostState.WORKING, f"{self.made[uid]} parts are missing")
        return Made(HostState.READY, address=f"/{uid}", credentials=f"secret:{uid}")

    async def keep(self, uid: str) -> None:
        self.protected.add(uid)

    async def remove(self, uid: str) -> None:
        if uid in self.made:
            self.going.setdefault(uid, self.looks)

    async def leftovers(self, uid: str) -> Sequence[str]:
        if uid in self.going:
            self.going[uid] -= 1
            if self.going[uid] <= 0:
                del self.going[uid]
                del self.made[uid]
        return [uid] if uid in self.made else []


class ShyStores(MemoryStores):
    """Answers nobody for so many times."""

    silent = 0

    async def of(self, repository_id: str) -> MemoryVectors:
        if self.silent:
            self.silent -= 1
            raise Unavailable("the store can't be reached")
        return await super().of(repository_id)


class Archive:
    """All of it, for one repository `papers`."""

    def __init__(self, maker: Maker | None = None, clock: ManualClock | None = None) -> None:
        self.clock = clock or ManualClock()
        self.tables = MemoryTables(self.clock)
        self.maker, self.stores = maker or Maker(), ShyStores()
        self.ports = ContentPorts(self.tables, self.clock, RandomIds(), MemoryBlobs())
        self.repositories = RepositoryStore(self.tables)
        self.steps = store_steps_of(self.ports, self.maker, self.stores)
        self.bench = Bench(self.steps, self.clock)
        self.uses(self.bench)

    def uses(self, workflows: Workflows) -> None:
        """Begin runs there."""
        making = StoreMaking(workflows, self.maker.offers())
        own = KnowledgePorts(self.stores, WordEmbedder(), LengthReranker(), making=making)
        self.knowledge = knowledge_services(self.ports, own)
        self.watch = store_watch_of(self.ports, making)

    async def order(self, verb: str) -> Repository:
        """Ask that it is made, or removed."""
        if verb == "delete":
            await self.knowledge.repositories.remove(ROOT, "papers")
            await self.emptied()
            return await self.repository()
        await self._have_a_model()
        store = Store(kind=StoreKind.PGVECTOR, own=True, options={"disk": 25})
        fields: Mapping[str, object] = {"name": "P", "store": store, "embedding_model": "words"}
        return await self.knowledge.repositories.create(ROOT, "papers", fields)

    async def does(self, verb: str, turns: Mapping[str, Sequence[str]] | None = None) -> object:
        """Ask for it, and do its run."""
        ordered = await self.order(verb)
        return await self.bench.go(ordered.run, turns or {})

    async def repository(self) -> Repository:
        """Return it as it is."""
        found = await self.repositories.by_id("papers")
        assert found
        return found

    async def emptied(self) -> None:
        """Tell what a worker tells that has emptied the collection."""
        await self.knowledge.repositories.endings.emptied("papers", "default")

    async def _have_a_model(self) -> None:
        models = ModelStore(self.tables)
        if await models.by_id("words") is None:
            upstream = Upstream(url="http://127.0.0.1:9/v1")
            now = self.clock.now()
            await models.add(
                Model(
                    id="words",
                    type=ModelType.EMBEDDING,
                    upstreams=(upstream,),
                    created=now,
                    changed=now,
                )
            )
