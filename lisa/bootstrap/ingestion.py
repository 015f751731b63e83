"""What ingests documents, on the adapters a worker has chosen."""

import asyncio
import logging
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lisa.adapters.gateway.calls import GatewayCalls
from lisa.adapters.gateway.embedding import GatewayEmbedder
from lisa.adapters.gateway.reranking import GatewayReranker
from lisa.bootstrap.content_ports import ContentPorts
from lisa.bootstrap.ports import Ports
from lisa.ports.embedding import Embedder
from lisa.ports.extraction import Extractor
from lisa.ports.sources import Sources
from lisa.ports.vectors import Stores
from lisa.stores.knowledge.collections import CollectionStore
from lisa.stores.knowledge.documents import DocumentStore
from lisa.stores.knowledge.files import FileStore
from lisa.stores.knowledge.jobs import JobStore
from lisa.stores.knowledge.pipelines import PipelineStore
from lisa.stores.knowledge.repositories import RepositoryStore
from lisa.stores.models import ModelStore
from lisa.usecases.knowledge.clearing import Clearing
from lisa.usecases.knowledge.copying import Copying
from lisa.usecases.knowledge.cutting import cut
from lisa.usecases.knowledge.emptying import Marking
from lisa.usecases.knowledge.endings import Endings
from lisa.usecases.knowledge.fetching import Fetching
from lisa.usecases.knowledge.filling import Filling
from lisa.usecases.knowledge.ingestion import Ingestion
from lisa.usecases.knowledge.loading import Loading
from lisa.usecases.knowledge.orders import Orders
from lisa.usecases.knowledge.patience import PatientEmbedder
from lisa.usecases.knowledge.pipeline_history import PipelineHistory
from lisa.usecases.knowledge.reminding import Reminding
from lisa.usecases.knowledge.removal import Removal
from lisa.usecases.knowledge.settling import Settling
from lisa.usecases.knowledge.shelf import Shelves
from lisa.usecases.knowledge.sourcing import Sourcing
from lisa.usecases.knowledge.watching import PipelineWatch
from lisa.usecases.passes import PassWriter

CALLS_AT_ONCE: Final = 8  # of all documents that are being read


@dataclass(frozen=True)
class IngestionPorts:
    """What ingestion needs beside tables and content; `folder` is nobody else's."""

    stores: Stores
    embedder: Embedder
    extractor: Extractor
    sources: Sources
    folder: Path


@dataclass(frozen=True)
class ThroughGateway:
    """Embedder and reranker by way of our own gateway, whose origin this is."""

    calls: GatewayCalls
    embedder: GatewayEmbedder
    reranker: GatewayReranker


def through_gateway(ports: Ports, base_url: str, secret: bytes) -> ThroughGateway:
    """Return what asks models for somebody; to be closed at the end, by its calls."""
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it tells of every call
    calls = GatewayCalls(base_url, PassWriter(ModelStore(ports.tables), secret, ports.clock))
    return ThroughGateway(calls, GatewayEmbedder(calls), GatewayReranker(calls))


def ingestion_of(
    ports: ContentPorts, own: IngestionPorts, at_once: int, largest: int = 0
) -> Ingestion:
    """Return what does all that is to be done with documents; larger ones it leaves to others."""
    tables, clock = ports.tables, ports.clock
    documents, collections = DocumentStore(tables), CollectionStore(tables)
    shelves = Shelves(own.stores, collections)
    settling = Settling(tables, clock)
    removal = Removal(shelves, FileStore(tables), ports.blobs, settling)
    patient = PatientEmbedder(own.embedder, clock, asyncio.Semaphore(CALLS_AT_ONCE))
    return Ingestion(
        documents=documents,
        collections=collections,
        loading=Loading(
            Fetching(ports.blobs, own.sources, ports.ids, own.folder),
            shelves,
            Copying(documents, collections, shelves, clock),
            Filling(own.extractor, patient, cut),
        ),
        removal=removal,
        clearing=Clearing(
            tables=tables,
            documents=documents,
            collections=collections,
            repositories=RepositoryStore(tables),
            pipelines=PipelineStore(tables),
            jobs=JobStore(tables),
            stores=own.stores,
            removal=removal,
            endings=_endings(ports),
            clock=clock,
        ),
        settling=settling,
        clock=clock,
        holder=ports.ids.new("worker"),
        at_once=at_once,
        largest=largest,
    )


def pipeline_watch(ports: Ports, sources: Sources, *, polls: bool = True) -> PipelineWatch:
    """Return what looks after pipelines; sources that tell of changes themselves need no polls."""
    tables, clock = ports.tables, ports.clock
    return PipelineWatch(
        RepositoryStore(tables),
        CollectionStore(tables),
        PipelineStore(tables),
        sources,
        sourcing_of(ports),
        history_of(ports),
        clock,
        polls=polls,
    )


def sourcing_of(ports: Ports) -> Sourcing:
    """Return what orders what pipelines find."""
    return Sourcing(DocumentStore(ports.tables), _orders(ports), ports.clock)


def history_of(ports: Ports) -> PipelineHistory:
    """Return what writes down what pipelines did."""
    return PipelineHistory(PipelineStore(ports.tables), ports.clock, ports.ids)


def reminding_of(ports: Ports) -> Reminding:
    """Return what rings for work that came due by itself."""
    return Reminding(DocumentStore(ports.tables), ports.bell, ports.clock)


def clean_folder(folder: Path) -> Path:
    """Return a folder for copies of content, without those that a killed process left."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    return folder


def _endings(ports: Ports) -> Endings:
    marking = Marking(CollectionStore(ports.tables), _orders(ports), ports.clock)
    return Endings(RepositoryStore(ports.tables), marking)


def _orders(ports: Ports) -> Orders:
    tables = ports.tables
    documents, files = DocumentStore(tables), FileStore(tables)
    return Orders(tables, documents, files, ports.clock, ports.ids, ports.bell)
