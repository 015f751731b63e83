"""The adapters of a door that keeps content: apart, as reading documents takes many packages."""

from dataclasses import dataclass, field

from lisa.adapters.documents.reader import ProcessReader
from lisa.bootstrap.ports import Ports
from lisa.ports.blobs import Blobs
from lisa.ports.documents import DocumentReader


@dataclass(frozen=True)
class ContentPorts(Ports):
    """Those of a door that keeps content too large for rows."""

    blobs: Blobs
    documents: DocumentReader = field(default_factory=ProcessReader)
