"""The audit as files: CSV for a spreadsheet, JSON Lines for a program."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Final, Literal

from fastapi import Response

from lisa.domain.audit import Entry

MEDIA_TYPES: Final = {"csv": "text/csv", "jsonl": "application/jsonl"}
BEGINS_A_FORMULA: Final = "=+-@\t\r\n＝＋－＠"  # noqa: RUF001 - a spreadsheet takes these too


def answer(entries: Sequence[Entry], form: Literal["csv", "jsonl"], *, first: bool) -> Response:
    """Return a page as a download; only the first has the names of the columns."""
    text = _as_csv(entries, first=first) if form == "csv" else _as_jsonl(entries)
    return Response(
        text.encode("utf-8", "replace"),
        media_type=MEDIA_TYPES[form],
        headers={"content-disposition": f'attachment; filename="audit.{form}"'},
    )


def _as_jsonl(entries: Sequence[Entry]) -> str:
    return "".join(f"{json.dumps(entry.model_dump(mode='json'))}\n" for entry in entries)


def _as_csv(entries: Sequence[Entry], *, first: bool) -> str:
    written = io.StringIO()
    lines = csv.writer(written, quoting=csv.QUOTE_ALL)
    if first:
        lines.writerow(Entry.model_fields)
    for entry in entries:
        lines.writerow(_cell(value) for value in entry.model_dump(mode="json").values())
    return written.getvalue()


def _cell(value: object) -> str:
    """Write a value so that no spreadsheet takes it for a formula."""
    text = value if isinstance(value, str) else json.dumps(value)
    if value is None:
        return ""
    return f"'{text}" if text.lstrip(" ").startswith(tuple(BEGINS_A_FORMULA)) else text
