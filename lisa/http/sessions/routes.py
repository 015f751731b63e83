"""Sessions, natively: plural nouns, pages, true status codes."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from lisa.domain.errors import Invalid
from lisa.domain.session import Id
from lisa.http.answers import may_answer
from lisa.http.links import next_page
from lisa.http.services import Caller, Given, SessionServices, may_delete_sessions
from lisa.http.sessions import export
from lisa.http.sessions.schemas import (
    Deleted,
    FileCreate,
    ItemList,
    ItemOut,
    ItemPage,
    ItemsCreate,
    LinkOut,
    SessionChange,
    SessionCreate,
    SessionOut,
    SessionPage,
)
from lisa.http.strict_json import StrictRoute

router = APIRouter(
    prefix="/sessions",
    tags=["sessions"],
    route_class=StrictRoute,
    responses=may_answer(400, 404, 409),
)

SessionId = Annotated[Id, Path(description="The session's id.")]
Limit = Annotated[int, Query(ge=1, le=1000)]
Cursor = Annotated[str, Query(max_length=4096, description="`next_cursor` of the page before.")]


def session_services(given: Given) -> SessionServices:
    """Return what these routes call; an app without it has no such routes."""
    if given.sessions is None:
        raise LookupError("this app was not given sessions")
    return given.sessions


Uses = Annotated[SessionServices, Depends(session_services)]
IF_SWITCHED_ON: Final = [Depends(may_delete_sessions)]


@router.post("", status_code=201)
async def create(
    uses: Uses, caller: Caller, response: Response, wanted: SessionCreate
) -> SessionOut:
    """Start a session."""
    session = await uses.sessions.create(
        caller, session_id=wanted.id, name=wanted.name, configuration=wanted.configuration
    )
    response.headers["location"] = f"sessions/{session.id}"
    return SessionOut.of(session)


@router.get("")
async def page(uses: Uses, caller: Caller, limit: Limit = 50, cursor: Cursor = "") -> SessionPage:
    """List your sessions, last changed first."""
    sessions, go_on = await uses.sessions.page(caller, limit=limit, cursor=cursor)
    return SessionPage(items=[SessionOut.of(session) for session in sessions], next_cursor=go_on)


@router.delete("", status_code=202, dependencies=IF_SWITCHED_ON)
async def delete_all(uses: Uses, caller: Caller) -> Deleted:
    """Delete all your sessions: gone at once, their content soon after."""
    return Deleted(deleted=await uses.sessions.delete_all(caller))


@router.get("/{session_id}")
async def get(uses: Uses, caller: Caller, session_id: SessionId) -> SessionOut:
    """Return one session, without its items."""
    return SessionOut.of(await uses.sessions.get(caller, session_id))


@router.patch("/{session_id}")
async def change(
    uses: Uses, caller: Caller, session_id: SessionId, wanted: SessionChange
) -> SessionOut:
    """Rename or configure a session."""
    session = await uses.sessions.change(
        caller,
        session_id,
        name=wanted.name,
        configuration=wanted.configuration,
        version=wanted.version,
    )
    return SessionOut.of(session)


@router.delete("/{session_id}", status_code=204, dependencies=IF_SWITCHED_ON)
async def delete(uses: Uses, caller: Caller, session_id: SessionId) -> None:
    """Delete a session and everything in it."""
    await uses.sessions.delete(caller, session_id)


@router.post("/{session_id}/items", status_code=201)
async def append(
    uses: Uses, caller: Caller, session_id: SessionId, wanted: ItemsCreate
) -> ItemList:
    """Append items. One whose id is there already is not added again."""
    drafts = [item.named(uses.sessions.ids.new("item")) for item in wanted.items]
    items = await uses.sessions.append(caller, session_id, drafts)
    return ItemList(items=[ItemOut.of(item) for item in items])


@router.get("/{session_id}/items")
async def items(
    uses: Uses,
    caller: Caller,
    session_id: SessionId,
    limit: Limit = 100,
    cursor: Cursor = "",
    order: Literal["asc", "desc"] = "asc",
) -> ItemPage:
    """Return a session's items, at most 4 MB at once."""
    found = await uses.sessions.read(
        caller, session_id, newest_first=order == "desc", limit=limit, after=sequence(cursor)
    )
    shown = [ItemOut.of(item) for item in found.items]
    return ItemPage(items=shown, next_cursor=str(found.after or ""))


@router.get(
    "/{session_id}/export",
    response_class=Response,
    responses={200: {"content": {each: {} for each in export.MEDIA_TYPES.values()}}},
)
async def export_page(
    uses: Uses,
    caller: Caller,
    request: Request,
    session_id: SessionId,
    cursor: Cursor = "",
    format: Literal["json", "markdown"] = "json",  # noqa: A002 - the wire's own word
) -> Response:
    """Download a session; what is over 4 MB goes on at the `Link` with `rel="next"`."""
    session = await uses.sessions.get(caller, session_id)
    found = await uses.sessions.read(caller, session_id, limit=1000, after=sequence(cursor))
    response = export.answer(session, found, format, first=not cursor)
    if found.after is not None:
        response.headers["link"] = next_page(request, cursor=str(found.after), format=format)
    return response


@router.post("/{session_id}/files", status_code=201)
async def upload(uses: Uses, caller: Caller, session_id: SessionId, wanted: FileCreate) -> LinkOut:
    """Announce a file and get the link to upload it by; for content over the 4 MB of a request."""
    link = await uses.files.upload(
        caller, session_id, content_type=wanted.content_type, size=wanted.size
    )
    return LinkOut(file_id=link.file_id, method="PUT", url=link.url, expires=link.expires)


@router.get("/{session_id}/files/{file_id}")
async def file(uses: Uses, caller: Caller, session_id: SessionId, file_id: Id) -> LinkOut:
    """Get a link to read a file by."""
    link = await uses.files.read(caller, session_id, file_id)
    return LinkOut(file_id=link.file_id, method="GET", url=link.url, expires=link.expires)


def sequence(cursor: str) -> int | None:
    """Read the cursor of items: the place behind which to go on."""
    if not cursor:
        return None
    if not (cursor.isascii() and cursor.isdigit()) or len(cursor) > 12:  # noqa: PLR2004 - digits of the sort key
        raise Invalid(
            "this is no cursor of items",
            next_step="send back `next_cursor` as you got it",
            code="bad_cursor",
        )
    return int(cursor)
