"""Sessions, natively: plural nouns, pages, true status codes."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Path, Query, Response

from lisa.domain.errors import Invalid
from lisa.domain.project import ProjectId
from lisa.domain.session import Id
from lisa.http.answers import may_answer
from lisa.http.paging import Cursor
from lisa.http.services import (
    Caller,
    Given,
    SessionServices,
    may_delete_sessions,
    may_use_projects,
)
from lisa.http.sessions.schemas import (
    Deleted,
    ItemList,
    ItemOut,
    ItemPage,
    ItemsCreate,
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
InProject = Annotated[
    ProjectId | None,
    Query(description="Only the sessions of this project; `none`: only those in no project."),
]
Words = Annotated[
    str | None,
    Query(alias="q", max_length=500, description="Only sessions that say these words."),
]
Removed = Annotated[bool, Query(description="Show those that were removed, too.")]
NO_PROJECT: Final = "none"


def session_services(given: Given) -> SessionServices:
    """Return what these routes call; an app without it has no such routes."""
    if given.sessions is None:
        raise LookupError("this app was not given sessions")
    return given.sessions


Uses = Annotated[SessionServices, Depends(session_services)]
IF_SWITCHED_ON: Final = [Depends(may_delete_sessions)]


@router.post("", status_code=201)
async def create(
    uses: Uses, given: Given, caller: Caller, response: Response, wanted: SessionCreate
) -> SessionOut:
    """Start a session."""
    if wanted.project_id:
        await may_use_projects(given, caller)
        await uses.projects.get(caller, wanted.project_id)
    session = await uses.sessions.create(
        caller, session_id=wanted.id, name=wanted.name, configuration=wanted.configuration
    )
    if wanted.project_id:
        session = await uses.projects.put(caller, wanted.project_id, session.id)
    response.headers["location"] = f"sessions/{session.id}"
    return SessionOut.of(session)


@router.get("")
async def page(
    uses: Uses,
    given: Given,
    caller: Caller,
    project: InProject = None,
    words: Words = None,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> SessionPage:
    """List your sessions, last changed first; with `q` those that say these words.

    A search looks at names first, then at texts, newest first. Its pages may be short, or even
    empty with a `next_cursor`.
    """
    if words is not None:
        hits, go_on = await uses.search.find(caller, words, limit=limit, cursor=cursor)
        return SessionPage.found(hits, go_on)
    if project is None:
        sessions, go_on = await uses.sessions.page(caller, limit=limit, cursor=cursor)
    elif project == NO_PROJECT:
        sessions, go_on = await uses.projects.sessions_of_none(caller, limit=limit, cursor=cursor)
    else:
        await may_use_projects(given, caller)
        sessions, go_on = await uses.projects.sessions_of(
            caller, project, limit=limit, cursor=cursor
        )
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
    *,
    removed: Removed = False,
) -> ItemPage:
    """Return a session's items, at most 4 MB at once; a page may be short."""
    read = uses.sessions.read if removed else uses.removed.read
    found = await read(
        caller, session_id, newest_first=order == "desc", limit=limit, after=sequence(cursor)
    )
    shown = [ItemOut.of(item) for item in found.items]
    return ItemPage(items=shown, next_cursor=str(found.after or ""))


@router.post("/{session_id}/items/{item_id}/remove")
async def remove_item(uses: Uses, caller: Caller, session_id: SessionId, item_id: Id) -> ItemOut:
    """Take an item out of sight, of the model's too; `restore` undoes it."""
    return ItemOut.of(await uses.removed.remove(caller, session_id, item_id))


@router.post("/{session_id}/items/{item_id}/restore")
async def restore_item(uses: Uses, caller: Caller, session_id: SessionId, item_id: Id) -> ItemOut:
    """Bring a removed item back where it was."""
    return ItemOut.of(await uses.removed.restore(caller, session_id, item_id))


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
