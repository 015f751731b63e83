"""Calls as files: CSV for a spreadsheet, JSON Lines for a program."""

import csv
import io
from collections.abc import Sequence
from typing import Literal

from fastapi import Response

from lisa.http.audit.export import BEGINS_A_FORMULA, MEDIA_TYPES
from lisa.http.usage.schemas import CallOut


def answer(calls: Sequence[CallOut], form: Literal["csv", "jsonl"], *, first: bool) -> Response:
    """Return a page as a download; only the first has the names of the columns."""
    text = _as_csv(calls, first=first) if form == "csv" else _as_jsonl(calls)
    return Response(
        text.encode("utf-8", "replace"),
        media_type=MEDIA_TYPES[form],
        headers={"content-disposition": f'attachment; filename="usage.{form}"'},
    )


def _as_jsonl(calls: Sequence[CallOut]) -> str:
    return "".join(f"{call.model_dump_json()}\n" for call in calls)


def _as_csv(calls: Sequence[CallOut], *, first: bool) -> str:
    written = io.StringIO()
    lines = csv.writer(written)
    if first:
        lines.writerow(CallOut.model_fields)
    for call in calls:
        lines.writerow(_cell(value) for value in call.model_dump(mode="json").values())
    return written.getvalue()


def _cell(value: object) -> object:
    """Write a text so that no spreadsheet takes it for a formula."""
    if isinstance(value, str) and value.lstrip(" ").startswith(tuple(BEGINS_A_FORMULA)):
        return f"'{value}"
    return value
