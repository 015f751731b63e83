"""The local profile's worker: it runs models, reads documents and clears away what expired."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

from lisa.adapters.dbos.runs import DbosWorkflows
from lisa.adapters.dbos.worker import working
from lisa.adapters.documents.extractor import ProcessExtractor
from lisa.adapters.files.sources import FolderSources
from lisa.adapters.pgvector.own_databases import OwnDatabases
from lisa.adapters.postgres.connections import open_pool
from lisa.adapters.postgres.tables import PostgresTables
from lisa.adapters.probe.prober import HttpProber
from lisa.adapters.processes.gpus import gpus_here
from lisa.bootstrap.content_ports import ContentPorts
from lisa.bootstrap.contents import sweeper
from lisa.bootstrap.hosting import ground_of, watching_of
from lisa.bootstrap.ingestion import (
    IngestionPorts,
    clean_folder,
    ingestion_of,
    pipeline_watch,
)
from lisa.bootstrap.knowledge import KnowledgePorts
from lisa.bootstrap.local_hosting import LOCAL_WORKFLOWS, dbos_url, local_hosts
from lisa.bootstrap.local_knowledge import local_knowledge
from lisa.bootstrap.local_ports import local_ports
from lisa.bootstrap.ports import Ports
from lisa.bootstrap.repeating import again_and_again
from lisa.bootstrap.secrets import secrets_of
from lisa.bootstrap.store_making import StoreMaking, store_steps_of
from lisa.bootstrap.store_watching import store_watch_of
from lisa.bootstrap.weights_reading import LocalWeights
from lisa.declared.settings import LocalSettings
from lisa.declared.tables import LOCAL_TABLES
from lisa.domain.hosting import HostKind
from lisa.ports.clock import Clock
from lisa.ports.hosts import Host
from lisa.ports.vectors import Stores
from lisa.stores.model_events import KEPT_FOR
from lisa.usecases.lifecycle.ground import Ground
from lisa.usecases.lifecycle.steps import model_steps
from lisa.usecases.sweep import Sweep
from lisa.workflows.running import Attempts

COPIES: Final = "ingesting"  # a folder of the home: content for as long as it is read
SWEEP_EVERY_SECONDS: Final = 30
LOOK_EVERY_SECONDS: Final = 2
Look: TypeAlias = Callable[[], Awaitable[None]]
log = logging.getLogger("lisa.worker")


async def run(settings: LocalSettings, conninfo: str, stop: asyncio.Event) -> None:
    """Work until told to stop."""
    async with AsyncExitStack() as undo:
        pool = await undo.enter_async_context(open_pool(conninfo, size=8))
        ports, _ = await local_ports(settings, pool)
        sweep, tables = sweeper(ports), PostgresTables(pool, ports.clock)
        works = [again_and_again(lambda: _sweep(sweep, tables), SWEEP_EVERY_SECONDS, stop)]
        knowledge = local_knowledge(settings, conninfo, ports, secrets_of(os.environ))
        chosen = await undo.enter_async_context(knowledge)
        works += _ingesting(settings, ports, chosen, stop)
        looks, runs = await _running(settings, conninfo, ports, chosen.stores, undo)
        works += [again_and_again(each, LOOK_EVERY_SECONDS, stop) for each in looks]
        old = partial(_forget_old, runs, ports.clock)
        works.append(again_and_again(old, SWEEP_EVERY_SECONDS, stop))
        await asyncio.gather(*works)


def _ingesting(
    settings: LocalSettings, ports: ContentPorts, chosen: KnowledgePorts, stop: asyncio.Event
) -> list[Coroutine[None, None, None]]:
    """Return what reads documents, looks after pipelines and empties collections."""
    sources = FolderSources(settings.ingest_folders)
    own = IngestionPorts(
        chosen.stores,
        chosen.embedder,
        ProcessExtractor(),
        sources,
        clean_folder(settings.home / COPIES),
    )
    ingestion = ingestion_of(ports, own, settings.ingest_at_once)
    watch = pipeline_watch(ports, sources)
    return [
        again_and_again(lambda: ingestion.work(stop), LOOK_EVERY_SECONDS, stop),
        again_and_again(ingestion.clear, LOOK_EVERY_SECONDS, stop),
        again_and_again(watch.look, LOOK_EVERY_SECONDS, stop),
    ]


async def _running(
    settings: LocalSettings, conninfo: str, ports: Ports, stores: Stores, undo: AsyncExitStack
) -> tuple[list[Look], DbosWorkflows]:
    """Let what is to be done with models and stores be done; return what looks after both."""
    hosting = await _hosting(settings, ports, undo) if settings.model_hosts else None
    url, runs = dbos_url(conninfo), DbosWorkflows(dbos_url(conninfo), LOCAL_WORKFLOWS)
    undo.push_async_callback(runs.close)
    of_stores = store_steps_of(ports, OwnDatabases(conninfo), stores)
    of_models = model_steps(hosting.ground) if hosting else {}
    await undo.enter_async_context(working(url, Attempts({**of_stores, **of_models}).attempt))
    looks: list[Look] = [store_watch_of(ports, StoreMaking(runs, ())).look]
    if hosting:
        looks.append(watching_of(ports, hosting.hosts, runs).look)
    return looks, runs


@dataclass(frozen=True)
class _Hosting:
    """Hosts that run, and what the steps of models' runs stand on."""

    hosts: Mapping[HostKind, Host]
    ground: Ground


async def _hosting(settings: LocalSettings, ports: Ports, undo: AsyncExitStack) -> _Hosting:
    """Let engines run."""
    if HostKind.SCRIPTED in settings.model_hosts:
        log.warning("scripted: models of the scripted host run nothing")
    secrets = secrets_of(os.environ)
    prober = HttpProber(secrets)
    hosts = local_hosts(settings, ports, secrets, prober, await gpus_here(os.environ))
    await undo.enter_async_context(hosts.running())
    return _Hosting(hosts.of, ground_of(ports, hosts.of, prober, LocalWeights()))


async def _forget_old(runs: DbosWorkflows, clock: Clock) -> None:
    """Forget runs with the timelines that they belong to."""
    await runs.forget_ended(clock.now() - KEPT_FOR)


async def _sweep(sweep: Sweep, tables: PostgresTables) -> None:
    closed = await sweep.run()
    for table in LOCAL_TABLES:
        await tables.purge_expired(table)
    log.debug("swept; %d removals closed", closed)
