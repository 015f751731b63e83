"""Knowledge in the local profile: passages lie in its Postgres, models answer at its gateway."""

from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Final

from psycopg.conninfo import make_conninfo

from lisa.adapters.files.sources import FolderSources
from lisa.adapters.pgvector.own_databases import OwnDatabases
from lisa.bootstrap.ingestion import through_gateway
from lisa.bootstrap.knowledge import KnowledgePorts
from lisa.bootstrap.local_addresses import own_address
from lisa.bootstrap.local_ports import passes_secret
from lisa.bootstrap.ports import Ports
from lisa.bootstrap.store_making import StoreMaking
from lisa.bootstrap.vector_stores import VectorStores, pgvector_at
from lisa.declared.settings import LocalSettings
from lisa.domain.errors import ConditionFailed
from lisa.domain.identity import MACHINE_OWNER
from lisa.domain.knowledge.repository import (
    Repository,
    RepositoryStatus,
    Store,
    StoreKind,
)
from lisa.domain.model import Model, ModelType
from lisa.ports.secrets import Secrets
from lisa.ports.workflows import Workflows
from lisa.stores.knowledge.collections import added
from lisa.stores.knowledge.repositories import RepositoryStore
from lisa.usecases.knowledge.repositories import default_collection

LOCAL: Final = "local"


@asynccontextmanager
async def local_knowledge(
    settings: LocalSettings,
    conninfo: str,
    ports: Ports,
    secrets: Secrets,
    runs: Workflows | None = None,
) -> AsyncIterator[KnowledgePorts]:
    """Choose the local adapters, and keep them open while the block runs.

    Whoever has `runs` has stores made, each a database beside our own.
    """
    stores = VectorStores(
        RepositoryStore(ports.tables),
        secrets,
        ports.clock,
        own={StoreKind.PGVECTOR: pgvector_at(conninfo)},
        databases=lambda name: pgvector_at(make_conninfo(conninfo, dbname=name)),
    )
    offers, there = OwnDatabases(conninfo).offers(), frozenset(stores.own)
    making = StoreMaking(runs, offers, there) if runs else None
    models = through_gateway(ports, own_address(settings), passes_secret(settings))
    async with AsyncExitStack() as undo:
        undo.push_async_callback(models.calls.close)
        await undo.enter_async_context(stores.running())
        sources = FolderSources(settings.ingest_folders)
        yield KnowledgePorts(
            stores, models.embedder, models.reranker, sources=sources, making=making
        )


async def keep_a_repository(ports: Ports, built_in: Iterable[Model]) -> None:
    """Where there is no repository, make one on the built-in embedder, if that runs."""
    store = RepositoryStore(ports.tables)
    embedder = next((each.id for each in built_in if each.type is ModelType.EMBEDDING), "")
    there, _ = await store.page(1, "")
    if there or not embedder:
        return
    now = ports.clock.now()
    repository = Repository(
        id=LOCAL,
        uid=ports.ids.new("r"),
        name="Local",
        description="Documents on this machine.",
        store=Store(kind=StoreKind.PGVECTOR, options={}),
        embedding_model=embedder,
        facts={},
        status=RepositoryStatus.READY,
        created=now,
        created_by=MACHINE_OWNER,
        updated=now,
    )
    collection = default_collection(repository, ports.ids.new("c"))
    with suppress(ConditionFailed):  # somebody was faster
        await store.add(repository, *added(collection))
