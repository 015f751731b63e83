"""Sessions as files: JSON to keep, Markdown to read, and a zip of both with images and files."""

import json
from typing import Final, Literal

from fastapi import Response
from pydantic import ValidationError

from lisa.domain.errors import Invalid
from lisa.domain.faults import named
from lisa.domain.session import Draft, Session
from lisa.http.sessions.markdown import as_markdown
from lisa.http.sessions.schemas import EXPORT_FORMAT, ItemOut, SessionImport, SessionOut
from lisa.http.strict_json import strictly_parsed
from lisa.usecases.archives import Names, Render
from lisa.usecases.imports import Imported
from lisa.usecases.sessions import ItemPage

MEDIA_TYPES: Final = {"json": "application/json", "markdown": "text/markdown"}


def answer(
    session: Session, page: ItemPage, form: Literal["json", "markdown"], *, first: bool
) -> Response:
    """Return a page of the export as a download."""
    if form == "json":
        return _download(_as_json(session, page), session, MEDIA_TYPES[form], "json")
    return _download(_as_markdown(session, page, {}, first), session, MEDIA_TYPES[form], "md")


def rendered(session: Session, *, first: bool) -> Render:
    """Return what writes the texts of a zip."""

    def render(page: ItemPage, names: Names) -> dict[str, str]:
        return {
            "session.json": _as_json(session, page),
            "session.md": _as_markdown(session, page, names, first),
        }

    return render


def read(text: bytes) -> tuple[Imported, list[Draft]]:
    """Read the JSON of a zip, as strictly as that of a request."""
    try:
        page = SessionImport.model_validate(strictly_parsed(text))
    except json.JSONDecodeError as fault:
        raise _no_export(f"session.json is no JSON: {fault.msg}") from fault
    except ValidationError as fault:
        raise _no_export(named(fault, "session.json")) from fault
    return page.about(), page.items


def _no_export(why: str) -> Invalid:
    return Invalid(why, next_step="send a zip as LISA exported it", code="not_an_export")


def _download(text: str, session: Session, media_type: str, ending: str) -> Response:
    disposition = f'attachment; filename="{session.id}.{ending}"'
    headers = {"content-disposition": disposition, "x-content-type-options": "nosniff"}
    return Response(text.encode("utf-8", "replace"), media_type=media_type, headers=headers)


def _as_json(session: Session, page: ItemPage) -> str:
    whole = {
        "format": EXPORT_FORMAT,
        "session": SessionOut.of(session).model_dump(mode="json"),
        "items": [ItemOut.of(item).model_dump(mode="json") for item in page.items],
        "next_cursor": str(page.after or ""),
    }
    return json.dumps(whole, ensure_ascii=False)


def _as_markdown(session: Session, page: ItemPage, names: Names, first: bool) -> str:  # noqa: FBT001 - passed on
    heading = f"# {session.name or session.first_message or session.id}\n\n" if first else ""
    return heading + "".join(as_markdown(item, names) for item in page.items)
