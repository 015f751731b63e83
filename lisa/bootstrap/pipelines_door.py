"""Puts together the scheduled door that looks after pipelines and stores."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from lisa.adapters.s3.client import make_client
from lisa.adapters.s3.sources import S3Sources
from lisa.adapters.system.clock import SystemClock
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.bell_on_aws import ringing
from lisa.bootstrap.dynamodb import tables_of
from lisa.bootstrap.environment import read
from lisa.bootstrap.ingestion import pipeline_watch, reminding_of
from lisa.bootstrap.logs import show_logs
from lisa.bootstrap.ports import Ports
from lisa.bootstrap.store_watching import store_watch_of
from lisa.bootstrap.stores_on_aws import making_on_aws
from lisa.declared.knowledge_settings import PipelinesSettings
from lisa.usecases.knowledge.reminding import Reminding
from lisa.usecases.knowledge.store_watch import StoreWatch
from lisa.usecases.knowledge.watching import PipelineWatch


@dataclass(frozen=True)
class PipelinesDoor:
    """Does each minute what nobody else is called for."""

    pipelines: PipelineWatch
    stores: StoreWatch
    reminding: Reminding

    async def look(self) -> None:
        """Look at all of it; where one part can't be done, the others still are."""
        looks = (self.pipelines.look(), self.stores.look(), self.reminding.look())
        faults = await asyncio.gather(*looks, return_exceptions=True)
        for fault in faults:
            if fault:
                raise fault


def build(environ: Mapping[str, str]) -> PipelinesDoor:
    """Return what is run on a schedule."""
    settings = read(PipelinesSettings, environ)
    show_logs(settings.log_level)
    ports = Ports(tables_of(settings), SystemClock(), RandomIds())
    ports = ringing(ports, settings.queue_work)
    sources = S3Sources(make_client(), settings.source_buckets)
    return PipelinesDoor(
        pipeline_watch(ports, sources, polls=False),  # their buckets tell of changes
        store_watch_of(ports, making_on_aws(settings.machines)),
        reminding_of(ports),
    )
