"""Text as it is: notes, logs, whatever has no structure that we know."""

from collections.abc import Iterator

from lisa.adapters.documents import charset
from lisa.adapters.documents.source import Source
from lisa.ports.extraction import Section


def read(source: Source) -> Iterator[Section]:
    """Yield it in stretches that end with a line."""
    with charset.text_of(source) as text:
        for block in charset.blocks(text):
            yield Section(block)
