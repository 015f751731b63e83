"""What looks after repositories and documents, on the adapters a door has chosen."""

from dataclasses import dataclass

from lisa.bootstrap.content_ports import ContentPorts
from lisa.bootstrap.ports import Ports
from lisa.bootstrap.store_making import StoreMaking, store_runs_of
from lisa.ports.embedding import Embedder, Reranker
from lisa.ports.extraction import Extractor
from lisa.ports.sources import Sources
from lisa.ports.vectors import Stores
from lisa.stores.knowledge.collections import CollectionStore
from lisa.stores.knowledge.documents import DocumentStore
from lisa.stores.knowledge.files import FileStore
from lisa.stores.knowledge.jobs import JobStore
from lisa.stores.knowledge.repositories import RepositoryStore
from lisa.usecases.knowledge.access import Access
from lisa.usecases.knowledge.documents import RagDocuments
from lisa.usecases.knowledge.emptying import Marking
from lisa.usecases.knowledge.endings import Endings
from lisa.usecases.knowledge.files import RagFiles
from lisa.usecases.knowledge.jobs import RagJobs
from lisa.usecases.knowledge.orders import Orders


@dataclass(frozen=True)
class KnowledgePorts:
    """What a door that looks after knowledge needs beside its tables and its content."""

    stores: Stores
    embedder: Embedder
    reranker: Reranker
    extractor: Extractor | None = None
    sources: Sources | None = None
    making: StoreMaking | None = None  # without it no stores are made


def rag_documents(ports: ContentPorts, stores: Stores) -> RagDocuments:
    """Return what callers can do with documents."""
    access, files = access_of(ports), rag_files(ports)
    return RagDocuments(
        access=access,
        documents=files.documents,
        files=files.files,
        uploads=files,
        orders=files.orders,
        stores=stores,
        blobs=ports.blobs,
        clock=ports.clock,
        shown_jobs=RagJobs(access, JobStore(ports.tables)),
    )


def rag_files(ports: ContentPorts) -> RagFiles:
    """Return what callers can do with own files."""
    return RagFiles(
        files=FileStore(ports.tables),
        documents=DocumentStore(ports.tables),
        collections=CollectionStore(ports.tables),
        orders=orders_of(ports),
        blobs=ports.blobs,
        clock=ports.clock,
        ids=ports.ids,
    )


def access_of(ports: Ports) -> Access:
    """Return what leads callers to repositories and collections."""
    return Access(RepositoryStore(ports.tables), CollectionStore(ports.tables))


def endings_of(ports: Ports, making: StoreMaking | None = None) -> Endings:
    """Return what the worker calls when it has emptied a collection."""
    runs = store_runs_of(ports, making)
    return Endings(RepositoryStore(ports.tables), marking_of(ports), runs)


def marking_of(ports: Ports) -> Marking:
    """Return what has collections emptied."""
    return Marking(CollectionStore(ports.tables), orders_of(ports), ports.clock)


def orders_of(ports: Ports) -> Orders:
    """Return what puts work where the worker finds it."""
    tables = ports.tables
    documents, files = DocumentStore(tables), FileStore(tables)
    return Orders(tables, documents, files, ports.clock, ports.ids, ports.bell)
