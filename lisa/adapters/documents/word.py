"""Text of Word documents: paragraphs, headings and tables in the order in which they stand."""

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from lisa.adapters.documents import faults
from lisa.adapters.documents.kinds import UNPACKING_FAULTS
from lisa.adapters.documents.outline import Outline
from lisa.adapters.documents.rows import groups
from lisa.adapters.documents.source import Source
from lisa.adapters.documents.word_text import TABLE, blocks, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.table import _Cell, _Row

    from lisa.ports.extraction import Section

HEADING: Final = re.compile(r"heading (\d)", re.IGNORECASE)
FAULTS: Final = (KeyError, ValueError, SyntaxError, *UNPACKING_FAULTS)


def read(source: Source) -> "Iterator[Section]":
    """Yield its sections, a new one at each heading."""
    try:
        yield from _sections(source)
    except FAULTS as fault:  # what python-docx and lxml raise where a part isn't as it should be
        raise faults.broken() from fault


def _sections(source: Source) -> "Iterator[Section]":
    import docx  # noqa: PLC0415 - takes a quarter of a second, which only the worker shall pay for
    from docx.table import Table  # noqa: PLC0415 - as above

    content = source.content
    document = docx.Document(BytesIO(content) if isinstance(content, bytes) else str(content))
    names = {style.style_id: style.name or "" for style in document.styles}
    outline = Outline()
    for block in blocks(document.element.body):
        if block.tag == TABLE:
            for group in groups(list(_cells(row)) for row in Table(block, document).rows):
                yield from outline.tell(group)
            continue
        style, text = names.get(block.style or "", ""), text_of(block)
        if level := _level(style):
            yield from outline.head(level, text)
        elif text.strip():
            mark = "- " if style.startswith("List") else ""
            yield from outline.say(f"{mark}{text}\n")
    yield from outline.rest()


def _level(style: str) -> int:
    """Return how deep a heading is; 0 for what is none."""
    found = HEADING.match(style)
    return int(found.group(1)) if found else int(style == "Title")


def _cells(row: "_Row") -> "Iterator[str]":
    """Read a row; a merged cell stands there once, a table within a cell as its text."""
    last = None
    for cell in row.cells:
        written = cell._tc  # noqa: SLF001 - merged cells have no other mark
        if written is not last:
            yield " ".join(_text(block, cell) for block in blocks(written))
        last = written


def _text(block: Any, cell: "_Cell") -> str:
    if block.tag != TABLE:
        return text_of(block)
    from docx.table import Table  # noqa: PLC0415 - loaded by now, but not with this module

    return " ".join(" | ".join(_cells(row)) for row in Table(block, cell).rows)
