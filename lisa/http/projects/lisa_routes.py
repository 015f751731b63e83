"""Projects as existing LISA clients know them: `/project`, success always 200."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field, JsonValue

from lisa.domain.project import Project, ProjectName
from lisa.http.answers import may_answer
from lisa.http.paging import Cursor, next_page
from lisa.http.projects.routes import IF_SWITCHED_ON, Id
from lisa.http.services import Caller
from lisa.http.sessions.routes import SessionId, Uses
from lisa.http.strict_json import StrictRoute

router = APIRouter(
    prefix="/project",
    tags=["projects, as in LISA"],
    route_class=StrictRoute,
    responses=may_answer(400, 404, 409),
    dependencies=IF_SWITCHED_ON,
)

FIRST_ANSWER: Final = 1000


class Named(BaseModel):
    """What a project is called; other keys are ignored."""

    name: ProjectName


class Deletion(BaseModel):
    """Whether its sessions go with it."""

    delete_sessions: Annotated[bool, Field(alias="deleteSessions")] = False


class Assignment(BaseModel):
    """Whether the session is taken out instead."""

    unassign: bool = False


@router.get("")
async def page(
    uses: Uses,
    caller: Caller,
    request: Request,
    response: Response,
    limit: Annotated[int, Query(ge=1, le=FIRST_ANSWER)] = FIRST_ANSWER,
    cursor: Cursor = "",
) -> list[dict[str, JsonValue]]:
    """List your projects in the order they were made."""
    found, go_on = await uses.projects.page(caller, limit=limit, cursor=cursor)
    if go_on:
        response.headers["link"] = next_page(request, limit=str(limit), cursor=go_on)
    return [_shown(project) for project in found if not project.deleting]


@router.post("")
async def create(uses: Uses, caller: Caller, wanted: Named) -> dict[str, JsonValue]:
    """Make a project."""
    return _shown(await uses.projects.create(caller, wanted.name))


@router.put("/{project_id}")
async def rename(uses: Uses, caller: Caller, project_id: Id, wanted: Named) -> dict[str, str]:
    """Rename a project."""
    await uses.projects.rename(caller, project_id, wanted.name)
    return {"message": "Project updated successfully"}


@router.delete("/{project_id}")
async def delete(
    uses: Uses, caller: Caller, project_id: Id, wanted: Deletion | None = None
) -> dict[str, bool]:
    """Delete a project, and its sessions if `deleteSessions` says so."""
    gone = wanted is not None and wanted.delete_sessions
    await uses.projects.delete(caller, project_id, "delete" if gone else "keep")
    return {"deleted": True}


@router.put("/{project_id}/session/{session_id}")
async def assign(
    uses: Uses,
    caller: Caller,
    project_id: Id,
    session_id: SessionId,
    wanted: Assignment | None = None,
) -> dict[str, str]:
    """Put a session into a project, or take it out."""
    if wanted is not None and wanted.unassign:
        await uses.projects.take_out(caller, project_id, session_id)
    else:
        await uses.projects.put(caller, project_id, session_id)
    return {"message": "Session project assignment updated"}


def _shown(project: Project) -> dict[str, JsonValue]:
    return {
        "userId": project.owner,
        "projectId": project.id,
        "name": project.name,
        "createTime": project.created.isoformat(),
        "lastUpdated": project.updated.isoformat(),
    }
