"""How large a file may be."""

from typing import Final

from lisa.adapters.documents import faults
from lisa.adapters.documents.processes import MEGABYTE
from lisa.adapters.documents.source import Source

LARGEST_TEXT: Final = 512 * MEGABYTE
LARGEST: Final = 200 * MEGABYTE
LIMITED: Final = frozenset({"pdf", "docx", "pptx", "xlsx", "html", "email"})


def refuse_large(source: Source, kind: str) -> None:
    """Raise where a file of this kind is over its limit."""
    most = LARGEST if kind in LIMITED else LARGEST_TEXT
    if source.size > most:
        raise faults.too_large(source.size, most, " of this kind")
