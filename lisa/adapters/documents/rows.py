"""Rows of tables as text, in groups of which each carries the header and is worth a passage."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from lisa.domain.knowledge.tokens import count_tokens

ENOUGH: Final = 180  # tokens of a group; most passages have some more
WIDE: Final = 60  # tokens of a header that leave too little room for rows


def groups(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield groups of rows below the first one, which is the header; empty rows are left out."""
    told = (cells for row in rows if any(cells := _cells(row)))
    header = next(told, None)
    if header is None:
        return
    if count_tokens(line(header)) > WIDE:
        yield from _one_by_one(header, told)
    else:
        yield from _together(line(header), told)


def line(cells: Sequence[str]) -> str:
    """Write a row as Markdown does."""
    return f"| {' | '.join(cells)} |\n"


def _together(header: str, rows: Iterable[Sequence[str]]) -> Iterator[str]:
    size = least = count_tokens(header)
    group, is_first = [header], True
    for row in rows:
        written = line(row)
        tokens = count_tokens(written)
        if size + tokens > ENOUGH and len(group) > 1:
            yield "".join(group) + "\n"
            group, size, is_first = [header], least, False
        group.append(written)
        size += tokens
    if is_first or len(group) > 1:
        yield "".join(group) + "\n"


def _one_by_one(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Tell what each cell is: so a part of a wide row can be understood as well."""
    yield line(header) + "\n"
    for row in rows:
        names = [*header, *[""] * (len(row) - len(header))]
        pairs = zip(names, row, strict=False)
        yield (
            "".join(f"{name}: {cell}\n" if name else f"{cell}\n" for name, cell in pairs if cell)
            + "\n"
        )


def _cells(row: Sequence[str]) -> list[str]:
    """Put each cell on one line."""
    return [" ".join(cell.split()) for cell in row]
