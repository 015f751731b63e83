"""Files of a session: up and down by links, and as text."""

from typing import Final

from fastapi import APIRouter, Depends

from lisa.domain.session import Id
from lisa.http.answers import may_answer
from lisa.http.services import Caller, Given
from lisa.http.sessions.file_schemas import FileCreate, FileText, LinkOut
from lisa.http.sessions.routes import SessionId, Uses
from lisa.http.strict_json import StrictRoute

router = APIRouter(
    prefix="/sessions/{session_id}/files",
    tags=["sessions"],
    route_class=StrictRoute,
    responses=may_answer(400, 404),
)


async def may_bring_files(given: Given, caller: Caller) -> None:
    """Refuse where an administrator has switched off all that files of a session are for."""
    del caller  # asked for, so that a stranger doesn't learn what is switched off
    if given.switches and not await given.switches.is_on("documentSummarization"):
        await given.switches.require("uploadContextDocs")


IF_FILES_ARE_USED: Final = [Depends(may_bring_files)]


@router.post("", status_code=201, dependencies=IF_FILES_ARE_USED)
async def upload(uses: Uses, caller: Caller, session_id: SessionId, wanted: FileCreate) -> LinkOut:
    """Announce a file and get the link to upload it by; for content over the 4 MB of a request."""
    link = await uses.files.upload(
        caller, session_id, content_type=wanted.content_type, size=wanted.size
    )
    return LinkOut(file_id=link.file_id, method="PUT", url=link.url, expires=link.expires)


@router.get("/{file_id}")
async def file(uses: Uses, caller: Caller, session_id: SessionId, file_id: Id) -> LinkOut:
    """Get a link to read a file by."""
    link = await uses.files.read(caller, session_id, file_id)
    return LinkOut(file_id=link.file_id, method="GET", url=link.url, expires=link.expires)


@router.post("/{file_id}/text", dependencies=IF_FILES_ARE_USED)
async def text(uses: Uses, caller: Caller, session_id: SessionId, file_id: Id) -> FileText:
    """Read a file that was uploaded, so that models can be told what it says.

    The text is kept with the session; a second time is quick. A file that can't be read is refused
    with a code that says why: `file_encrypted`, `file_broken`, `file_empty`, `file_type_unknown`,
    `file_without_text`, `file_too_complex`.
    """
    return FileText.of(await uses.documents.read(caller, session_id, file_id))
