"""The slow way to read a page of a PDF: its tables as rows, and the words around them."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final, TypeAlias

from lisa.adapters.documents.outline import Outline
from lisa.adapters.documents.rows import groups
from lisa.adapters.documents.source import Source
from lisa.ports.extraction import Section

Box: TypeAlias = tuple[float, float, float, float]  # left, top, right, bottom

FAULTS: Final = (
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
)
MOST_LINES: Final = 5000  # of a page; one with more is a drawing
LEAST: Final = 2  # rows and columns: less is a frame around text
HAIR: Final = 1.0  # points that boxes side by side may share


def tables_of(source: Source) -> "Tables | None":
    """Open a file for its tables, unless nobody asked for them or it can't be opened so."""
    if not source.tables:
        return None
    import pdfplumber  # noqa: PLC0415 - slow to load; most files are read without
    from pdfplumber.utils.exceptions import PdfminerException  # noqa: PLC0415 - as above

    content = source.content
    try:
        return Tables(pdfplumber.open(BytesIO(content) if isinstance(content, bytes) else content))
    except (PdfminerException, *FAULTS):
        source.warnings.append("tables can't be told from other text in this file")
        return None


@dataclass(frozen=True)
class Tables:
    """Finds tables page by page."""

    file: Any

    def page(self, number: int) -> list[Section]:
        """Return what is on a page from top to bottom, if tables are among it."""
        page = self.file.pages[number - 1]
        try:
            if len(page.edges) > MOST_LINES:
                return []
            tables = _apart([table for table in page.find_tables() if _is_table(table)])
            return list(_told(page, tables, number)) if tables else []
        except FAULTS:  # it reads fewer files than the fast way does
            return []
        finally:
            page.close()  # which only forgets what it found


def _told(page: Any, tables: list[Any], number: int) -> Iterator[Section]:
    outside = page.filter(lambda each: not any(_is_in(each, table.bbox) for table in tables))
    things: list[tuple[float, Any]] = [(line["top"], line["text"]) for line in _lines(outside)]
    things += [(table.bbox[1], table) for table in tables]
    outline = Outline(page=number)
    for _, thing in sorted(things, key=lambda each: each[0]):
        if isinstance(thing, str):
            yield from outline.say(f"{thing}\n")
            continue
        for group in groups([cell or "" for cell in row] for row in thing.extract()):
            yield from outline.tell(group)
    yield from outline.rest()


def _lines(page: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.extract_text_lines(return_chars=False)
    return found


def _is_table(table: Any) -> bool:
    rows, columns = len(table.rows), max(len(row.cells) for row in table.rows)
    return rows >= LEAST and columns >= LEAST


def _apart(tables: list[Any]) -> list[Any]:
    """Leave out tables that lie in or over larger ones: their text is in those already."""
    kept: list[Any] = []
    for table in sorted(tables, key=lambda each: -_area(each.bbox)):
        if not any(_overlap(table.bbox, other.bbox) for other in kept):
            kept.append(table)
    return kept


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _overlap(one: Box, other: Box) -> bool:
    return (
        min(one[2], other[2]) - max(one[0], other[0]) > HAIR
        and min(one[3], other[3]) - max(one[1], other[1]) > HAIR
    )


def _is_in(thing: dict[str, Any], box: Box) -> bool:
    """Tell it by the middle, as pdfplumber does where it fills cells with letters."""
    across, down = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
    return bool(box[0] <= across < box[2] and box[1] <= down < box[3])
