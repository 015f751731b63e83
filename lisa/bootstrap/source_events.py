"""What follows the messages of the queue of work, on the adapters a door has chosen."""

from lisa.adapters.sqs.messages import Messages
from lisa.bootstrap.ingestion import history_of, sourcing_of
from lisa.bootstrap.ports import Ports
from lisa.ports.sources import Sources
from lisa.stores.knowledge.collections import CollectionStore
from lisa.stores.knowledge.repositories import RepositoryStore
from lisa.usecases.knowledge.ingestion import Ingestion
from lisa.usecases.knowledge.source_events import SourceEvents


def messages_of(ports: Ports, sources: Sources, ingestion: Ingestion) -> Messages:
    """Return what handles messages; the sources are those that ingestion loads from."""
    tables = ports.tables
    events = SourceEvents(
        RepositoryStore(tables),
        CollectionStore(tables),
        sources,
        sourcing_of(ports),
        history_of(ports),
    )
    return Messages(events, ingestion)
