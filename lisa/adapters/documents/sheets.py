"""Text of Excel workbooks: each sheet's rows, in groups that carry the header."""

import datetime as dt
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import chain
from typing import Any, Final

from lisa.adapters.documents import faults
from lisa.adapters.documents.outline import Outline
from lisa.adapters.documents.rows import groups
from lisa.adapters.documents.source import Source
from lisa.ports.extraction import Section

EXACT: Final = 1e15  # a larger number may have been rounded


def read(source: Source) -> Iterator[Section]:
    """Yield its sheets one after another, hidden ones too."""
    import python_calamine as calamine  # noqa: PLC0415 - native, so only the worker shall load it

    content = source.content
    try:
        book = calamine.load_workbook(BytesIO(content) if isinstance(content, bytes) else content)
    except calamine.PasswordError as fault:
        raise faults.encrypted() from fault
    except calamine.CalamineError as fault:
        raise faults.broken() from fault
    read_any = False
    for name in book.sheet_names:
        try:
            sheet = book.get_sheet_by_name(name)
        except calamine.CalamineError:
            source.warnings.append(f"the sheet {name} can't be read and was left out")
            continue
        read_any = True
        yield from _sheet(name, sheet.iter_rows())
    if not read_any:
        raise faults.broken()


def _sheet(name: str, rows: Iterator[Sequence[Any]]) -> Iterator[Section]:
    """Yield titles above the table as text; the first row with several cells is the header."""
    outline = Outline()
    yield from outline.begin(1, name)
    written = ([_written(cell) for cell in row] for row in rows)
    table: Iterator[str] = iter(())
    for cells in written:
        filled = [cell for cell in cells if cell.strip()]
        if len(filled) > 1 or (filled and len(cells) == 1):
            table = groups(chain((cells,), written))
            break
        for text in filled:
            yield from outline.say(f"{text}\n")
    for group in table:
        yield from outline.tell(group)
    yield from outline.rest()


def _written(cell: Any) -> str:
    """Write a value as a person would, who sees no difference between 3 and 3.0."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT:
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ") if cell.time() != dt.time.min else cell.date().isoformat()
    return str(cell)
