"""The local profile's worker: it runs models, reads documents and clears away what expired."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from functools import partial
from typing import Final

from lisa.adapters.dbos.runs import DbosWorkflows
from lisa.adapters.dbos.worker import working
from lisa.adapters.documents.extractor import ProcessExtractor
from lisa.adapters.files.sources import FolderSources
from lisa.adapters.postgres.connections import open_pool
from lisa.adapters.postgres.tables import PostgresTables
from lisa.adapters.probe.prober import HttpProber
from lisa.adapters.processes.gpus import gpus_here
from lisa.bootstrap.contents import sweeper
from lisa.bootstrap.hosting import ground_of, watching_of
from lisa.bootstrap.ingestion import (
    IngestionPorts,
    clean_folder,
    ingestion_of,
    pipeline_watch,
)
from lisa.bootstrap.local_hosting import dbos_url, local_hosts
from lisa.bootstrap.local_knowledge import local_knowledge
from lisa.bootstrap.local_ports import local_ports
from lisa.bootstrap.ports import ContentPorts, Ports
from lisa.bootstrap.secrets import secrets_of
from lisa.bootstrap.weights_reading import LocalWeights
from lisa.declared.settings import LocalSettings
from lisa.declared.tables import LOCAL_TABLES
from lisa.domain.errors import LisaError
from lisa.domain.hosting import HostKind
from lisa.ports.clock import Clock
from lisa.stores.model_events import KEPT_FOR
from lisa.usecases.lifecycle.steps import model_steps
from lisa.usecases.lifecycle.watching import Watching
from lisa.usecases.sweep import Sweep
from lisa.workflows.of_models import MODEL_WORKFLOWS
from lisa.workflows.running import Attempts

COPIES: Final = "ingesting"  # a folder of the home: content for as long as it is read
SWEEP_EVERY_SECONDS: Final = 30
LOOK_EVERY_SECONDS: Final = 2
log = logging.getLogger("lisa.worker")


async def run(settings: LocalSettings, conninfo: str, stop: asyncio.Event) -> None:
    """Work until told to stop."""
    async with AsyncExitStack() as undo:
        pool = await undo.enter_async_context(open_pool(conninfo, size=8))
        ports, _ = await local_ports(settings, pool)
        sweep, tables = sweeper(ports), PostgresTables(pool, ports.clock)
        works = [_again_and_again(lambda: _sweep(sweep, tables), SWEEP_EVERY_SECONDS, stop)]
        works += await _ingesting(settings, conninfo, ports, undo, stop)
        if settings.model_hosts:
            watching, runs = await _hosting(settings, conninfo, ports, undo)
            works.append(_again_and_again(watching.look, LOOK_EVERY_SECONDS, stop))
            old = partial(_forget_old, runs, ports.clock)
            works.append(_again_and_again(old, SWEEP_EVERY_SECONDS, stop))
        await asyncio.gather(*works)


async def _ingesting(
    settings: LocalSettings,
    conninfo: str,
    ports: ContentPorts,
    undo: AsyncExitStack,
    stop: asyncio.Event,
) -> list[Coroutine[None, None, None]]:
    """Return what reads documents, looks after pipelines and empties collections."""
    knowledge = local_knowledge(settings, conninfo, ports, secrets_of(os.environ))
    chosen = await undo.enter_async_context(knowledge)
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
        _again_and_again(lambda: ingestion.work(stop), LOOK_EVERY_SECONDS, stop),
        _again_and_again(ingestion.clear, LOOK_EVERY_SECONDS, stop),
        _again_and_again(watch.look, LOOK_EVERY_SECONDS, stop),
    ]


async def _hosting(
    settings: LocalSettings, conninfo: str, ports: Ports, undo: AsyncExitStack
) -> tuple[Watching, DbosWorkflows]:
    """Let engines run, and what is to be done with models be done."""
    if HostKind.SCRIPTED in settings.model_hosts:
        log.warning("scripted: models of the scripted host run nothing")
    secrets = secrets_of(os.environ)
    prober = HttpProber(secrets)
    hosts = local_hosts(settings, ports, secrets, prober, await gpus_here(os.environ))
    await undo.enter_async_context(hosts.running())
    url = dbos_url(conninfo)
    steps = model_steps(ground_of(ports, hosts.of, prober, LocalWeights()))
    await undo.enter_async_context(working(url, Attempts(steps).attempt))
    runs = DbosWorkflows(url, MODEL_WORKFLOWS)
    undo.push_async_callback(runs.close)
    return watching_of(ports, hosts.of, runs), runs


async def _again_and_again(
    work: Callable[[], Awaitable[None]], seconds: float, stop: asyncio.Event
) -> None:
    """Do it now and after each pause; what fails now is done at the next turn.

    Not even a bug ends the worker: all engines would end with it.
    """
    while not stop.is_set():
        (fault,) = await asyncio.gather(work(), return_exceptions=True)
        if isinstance(fault, LisaError):
            log.warning("put off: %s", fault.message)
        elif fault:
            log.error("put off", exc_info=fault)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)


async def _forget_old(runs: DbosWorkflows, clock: Clock) -> None:
    """Forget runs with the timelines that they belong to."""
    await runs.forget_ended(clock.now() - KEPT_FOR)


async def _sweep(sweep: Sweep, tables: PostgresTables) -> None:
    closed = await sweep.run()
    for table in LOCAL_TABLES:
        await tables.purge_expired(table)
    log.debug("swept; %d removals closed", closed)
