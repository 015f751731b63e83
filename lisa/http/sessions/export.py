"""Sessions as files: JSON to keep, Markdown to read."""

import json
from typing import Final, Literal

from fastapi import Response

from lisa.domain.session import Item, Session
from lisa.http.sessions.schemas import ItemOut, SessionOut
from lisa.usecases.sessions import ItemPage

MEDIA_TYPES: Final = {"json": "application/json", "markdown": "text/markdown"}


def answer(
    session: Session, page: ItemPage, form: Literal["json", "markdown"], *, first: bool
) -> Response:
    """Return a page of the export as a download."""
    if form == "json":
        return _download(_as_json(session, page), session, MEDIA_TYPES[form], "json")
    return _download(_as_markdown(session, page, first=first), session, MEDIA_TYPES[form], "md")


def _download(text: str, session: Session, media_type: str, ending: str) -> Response:
    disposition = f'attachment; filename="{session.id}.{ending}"'
    headers = {"content-disposition": disposition, "x-content-type-options": "nosniff"}
    return Response(text.encode("utf-8", "replace"), media_type=media_type, headers=headers)


def _as_json(session: Session, page: ItemPage) -> str:
    whole = {
        "format": "lisa.session/1",
        "session": SessionOut.of(session).model_dump(mode="json"),
        "items": [ItemOut.of(item).model_dump(mode="json") for item in page.items],
        "next_cursor": str(page.after or ""),
    }
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _as_markdown(session: Session, page: ItemPage, *, first: bool) -> str:
    heading = f"# {session.name or session.first_message or session.id}\n\n" if first else ""
    return heading + "".join(_item_as_markdown(item) for item in page.items)


def _item_as_markdown(item: Item) -> str:
    who = (item.role or item.type).replace("_", " ").capitalize()
    when = item.created.strftime("%Y-%m-%d %H:%M UTC")
    return f"## {who}, {when}\n\n{item.text() or _as_code(item)}\n\n"


def _as_code(item: Item) -> str:
    return f"```json\n{json.dumps(item.parts, ensure_ascii=False, indent=1)}\n```"
