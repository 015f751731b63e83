"""Sessions out of LISA and into it: `/sessions/{id}/export`, `/sessions/import`."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from lisa.domain.session import Id
from lisa.http.answers import may_answer
from lisa.http.paging import Cursor, next_page
from lisa.http.services import Caller
from lisa.http.sessions import export
from lisa.http.sessions.file_routes import IF_FILES_ARE_USED
from lisa.http.sessions.routes import SessionId, Uses, sequence
from lisa.http.sessions.schemas import (
    ArchiveCreate,
    ArchiveOut,
    SessionImport,
    SessionOut,
    UploadOut,
)
from lisa.http.strict_json import StrictRoute

router = APIRouter(
    prefix="/sessions",
    tags=["sessions"],
    route_class=StrictRoute,
    responses=may_answer(400, 404, 409),
)

EXPORT_BUDGET: Final = 3 * 1024 * 1024  # so that each page can be sent back as an import
Form = Annotated[
    Literal["json", "markdown", "zip"],
    Query(alias="format", description="`zip` answers with a link: both, with images and files."),
]
Into = Annotated[Id | None, Query(description="The session to import into; made if there is none.")]


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
    form: Form = "json",
) -> Response:
    """Download a session; what is over 3 MB goes on at the `Link` with `rel="next"`."""
    session = await uses.sessions.get(caller, session_id)
    page = await uses.removed.read(
        caller, session_id, limit=1000, after=sequence(cursor), budget=EXPORT_BUDGET
    )
    if form == "zip":
        render = export.rendered(session, first=not cursor)
        link, page = await uses.archives.make(session, page, render)
        go_on = str(page.after or "")
        shown = ArchiveOut(url=link.url, expires=link.expires, next_cursor=go_on)
        response: Response = JSONResponse(shown.model_dump(mode="json"))
    else:
        response = export.answer(session, page, form, first=not cursor)
    if page.after is not None:
        response.headers["link"] = next_page(request, cursor=str(page.after), format=form)
    return response


@router.post("/import", status_code=201)
async def take_in(
    uses: Uses, caller: Caller, response: Response, wanted: SessionImport, into: Into = None
) -> SessionOut:
    """Make a session of a JSON export, or import a further page `into` it.

    Branches survive. The same page again, `into` the same session, changes nothing. Images and
    files are not in a JSON export, but in a zip: see `/sessions/import/archives`.
    """
    session = await uses.imports.take(caller, wanted.about(), wanted.items, into)
    response.headers["location"] = f"sessions/{session.id}"
    return SessionOut.of(session)


@router.post("/import/archives", status_code=201, dependencies=IF_FILES_ARE_USED)
async def announce_archive(uses: Uses, caller: Caller, wanted: ArchiveCreate) -> UploadOut:
    """Announce a zip as `export` made it, and get the link to upload it by."""
    link = await uses.archive_imports.announce(caller, wanted.size)
    return UploadOut(upload_id=link.file_id, url=link.url, expires=link.expires)


@router.post("/import/archives/{upload_id}", status_code=201, dependencies=IF_FILES_ARE_USED)
async def take_in_archive(
    uses: Uses, caller: Caller, response: Response, upload_id: Id, into: Into = None
) -> SessionOut:
    """Make a session of an uploaded zip with its images and files, or import it `into` one.

    The zip is gone then, also where it is refused: `archive_broken`, `archive_too_large`,
    `not_an_export`. Where an export made several, import them in their order, `into` the same
    session.
    """
    session = await uses.archive_imports.take(caller, upload_id, export.read, into)
    response.headers["location"] = f"sessions/{session.id}"
    return SessionOut.of(session)
