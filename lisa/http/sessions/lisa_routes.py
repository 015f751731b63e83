"""Sessions as existing LISA clients know them: `/session`, success always 200.

Other than there, a failure is a true 4xx or 5xx, and a list that goes on says so in `Link`.
"""

import base64
import binascii
import re
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field, JsonValue

from lisa.domain.errors import Invalid
from lisa.domain.session import Name, Session, Settings
from lisa.http.answers import may_answer
from lisa.http.paging import Cursor, next_page
from lisa.http.services import Caller
from lisa.http.sessions.file_routes import IF_FILES_ARE_USED
from lisa.http.sessions.lisa_messages import LisaMessage, file_ids, to_posted, to_wire
from lisa.http.sessions.routes import IF_SWITCHED_ON, SessionId, Uses, sequence
from lisa.http.strict_json import StrictRoute

router = APIRouter(
    prefix="/session",
    tags=["sessions, as in LISA"],
    route_class=StrictRoute,
    responses=may_answer(400, 404, 409),
)

FIRST_ANSWER: Final = 1000
MOST_MESSAGES: Final = 100_000
DATA_URL: Final = re.compile(r"data:(image/(?:png|jpeg|gif|webp));base64,", re.ASCII)


class History(BaseModel):
    """A whole history, as LISA saves it; other keys are ignored."""

    messages: Annotated[list[LisaMessage], Field(max_length=100_000)] = Field(default_factory=list)
    configuration: Settings | None = None
    name: Name | None = None


class NewName(BaseModel):
    """Another name."""

    name: Name


class Image(BaseModel):
    """An image to keep with the session."""

    message: dict[str, JsonValue]


@router.get("")
async def page(
    uses: Uses,
    caller: Caller,
    request: Request,
    response: Response,
    limit: Annotated[int, Query(ge=1, le=FIRST_ANSWER)] = FIRST_ANSWER,
    cursor: Cursor = "",
) -> list[dict[str, JsonValue]]:
    """List your sessions, last changed first."""
    sessions, go_on = await uses.sessions.page(caller, limit=limit, cursor=cursor)
    if go_on:
        response.headers["link"] = next_page(request, limit=str(limit), cursor=go_on)
    return [_summary(session) for session in sessions]


@router.delete("", dependencies=IF_SWITCHED_ON)
async def delete_all(uses: Uses, caller: Caller) -> dict[str, bool]:
    """Delete all your sessions."""
    await uses.sessions.delete_all(caller)
    return {"deleted": True}


@router.get("/{session_id}")
async def get(
    uses: Uses,
    caller: Caller,
    request: Request,
    response: Response,
    session_id: SessionId,
    cursor: Cursor = "",
) -> dict[str, JsonValue]:
    """Return a session with its newest messages, at most 4 MB; older ones at the `Link`."""
    session = await uses.sessions.get(caller, session_id)
    found = await uses.removed.read(
        caller, session_id, newest_first=True, limit=MOST_MESSAGES, after=sequence(cursor)
    )
    prefix = uses.files.folder(session)
    files = file_ids(found.items)
    links = {file_id: (await uses.files.link(session, file_id)).url for file_id in files}
    if found.after is not None:
        response.headers["link"] = next_page(request, cursor=str(found.after))
    return {
        **_summary(session),
        "userId": session.owner,
        "history": [to_wire(item, links, prefix) for item in reversed(found.items)],
        "configuration": session.configuration,
    }


@router.put("/{session_id}")
async def save(
    uses: Uses, caller: Caller, session_id: SessionId, wanted: History
) -> dict[str, str]:
    """Save a history: what is not kept yet is appended, nothing is removed."""
    session = await uses.history.session_for(caller, session_id)
    prefix = uses.files.folder(session)
    posted = [to_posted(message, prefix) for message in wanted.messages]
    await uses.history.save(
        caller, session, posted, name=wanted.name, configuration=wanted.configuration
    )
    return {"message": "Session updated successfully"}


@router.delete("/{session_id}", dependencies=IF_SWITCHED_ON)
async def delete(uses: Uses, caller: Caller, session_id: SessionId) -> dict[str, bool]:
    """Delete a session and everything in it."""
    await uses.sessions.delete(caller, session_id)
    return {"deleted": True}


@router.put("/{session_id}/name")
async def rename(
    uses: Uses, caller: Caller, session_id: SessionId, wanted: NewName
) -> dict[str, str]:
    """Rename a session."""
    await uses.sessions.change(caller, session_id, name=wanted.name)
    return {"message": "Session name updated successfully"}


@router.put("/{session_id}/attachImage", dependencies=IF_FILES_ARE_USED)
async def attach_image(
    uses: Uses, caller: Caller, session_id: SessionId, wanted: Image
) -> dict[str, JsonValue]:
    """Keep an image with the session; the message comes back with a link in place of its bytes."""
    image = wanted.message.get("image_url")
    url = image.get("url") if isinstance(image, dict) else None
    content_type, content = _decoded(url)
    session = await uses.sessions.get(caller, session_id)
    link = await uses.files.store(caller, session_id, content_type=content_type, content=content)
    key = uses.files.key(session, link.file_id)
    shown: dict[str, JsonValue] = {"url": link.url, "s3_key": key}
    return {"statusCode": 200, "body": {**wanted.message, "type": "image_url", "image_url": shown}}


def _decoded(url: JsonValue) -> tuple[str, bytes]:
    found = DATA_URL.match(url) if isinstance(url, str) else None
    if not found or not isinstance(url, str):
        raise Invalid(
            "message.image_url.url is no image",
            next_step="send `data:image/png;base64,...`; png, jpeg, gif and webp are taken",
            code="no_image",
        )
    try:
        return found.group(1), base64.b64decode(url[found.end() :], validate=True)
    except (binascii.Error, ValueError) as fault:
        raise Invalid("the image is not base64", code="no_image") from fault


def _summary(session: Session) -> dict[str, JsonValue]:
    created, updated = session.created.isoformat(), session.updated.isoformat()
    return {
        "sessionId": session.id,
        "name": session.name,
        "firstHumanMessage": session.first_message,
        "startTime": created,
        "createTime": created,
        "lastUpdated": updated,
        "isEncrypted": False,
        "projectId": session.project_id,
        "totalTokensUsed": 0,
    }
