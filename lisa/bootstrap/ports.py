"""The adapters a door has chosen, for whatever is put together of them."""

from dataclasses import dataclass, field

from lisa.adapters.documents.reader import ProcessReader
from lisa.ports.blobs import Blobs
from lisa.ports.clock import Clock
from lisa.ports.documents import DocumentReader
from lisa.ports.ids import Ids
from lisa.ports.table import Tables


@dataclass(frozen=True)
class Ports:
    """Those of every door."""

    tables: Tables
    clock: Clock
    ids: Ids


@dataclass(frozen=True)
class ContentPorts(Ports):
    """Those of a door that keeps content too large for rows."""

    blobs: Blobs
    documents: DocumentReader = field(default_factory=ProcessReader)
