"""What goes to standard output: one JSON document, or lines for a person at 80 columns."""

import json
from collections.abc import Sequence
from typing import Final

import typer

from cli.errors import printable

WIDTH: Final = 80
GAP: Final = 2
LEAST: Final = 6
CUT: Final = "…"


def answer(document: object, text: str, *, as_json: bool) -> None:
    """Print the document for a program, or the text for a person."""
    typer.echo(json.dumps(document, indent=2, default=str) if as_json else printable(text))


def note(text: str) -> None:
    """Tell the person something that is not the answer itself."""
    typer.echo(printable(text), err=True)


def pairs(rows: Sequence[tuple[str, object]]) -> str:
    """Write names and values below each other."""
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in rows)


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write rows in columns; all but the first column, which names the row, may be cut short."""
    lines = [headings, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headings))]
    while sum(widths) + GAP * (len(widths) - 1) > WIDTH and max(widths[1:]) > LEAST:
        widths[widths.index(max(widths[1:]), 1)] -= 1
    return "\n".join(_line(line, widths) for line in lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    fitted = [
        cell if len(cell) <= width else cell[: width - 1] + CUT
        for cell, width in zip(cells, widths, strict=True)
    ]
    padded = [f"{cell:<{width}}" for cell, width in zip(fitted, widths, strict=True)]
    return (" " * GAP).join(padded).rstrip()
