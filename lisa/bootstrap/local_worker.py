"""The local profile's worker: it finishes removals and clears away what has expired."""

import asyncio
import logging
from typing import Final

from lisa.adapters.postgres.connections import open_pool
from lisa.adapters.postgres.tables import PostgresTables
from lisa.bootstrap.assembly import sweeper
from lisa.bootstrap.local_app import local_ports
from lisa.declared.settings import LocalSettings
from lisa.declared.tables import LOCAL_TABLES
from lisa.domain.errors import LisaError
from lisa.usecases.sweep import Sweep

PAUSE_SECONDS: Final = 30
log = logging.getLogger("lisa.worker")


async def run(settings: LocalSettings, conninfo: str, stop: asyncio.Event) -> None:
    """Work until told to stop."""
    async with open_pool(conninfo, size=2) as pool:
        ports, _ = await local_ports(settings, pool)
        sweep, tables = sweeper(ports), PostgresTables(pool, ports.clock)
        while not stop.is_set():
            await _once(sweep, tables)
            try:
                await asyncio.wait_for(stop.wait(), PAUSE_SECONDS)
            except TimeoutError:
                continue


async def _once(sweep: Sweep, tables: PostgresTables) -> None:
    """Do what there is to do; what fails now is done at the next turn."""
    try:
        closed = await sweep.run()
        for table in LOCAL_TABLES:
            await tables.purge_expired(table)
    except LisaError as error:
        log.warning("the sweep is put off: %s", error.message)
    else:
        log.debug("swept; %d removals closed", closed)
