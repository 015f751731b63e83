"""Projects: `/projects`. `/sessions?project=` lists what is in one."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Path, Query, Response

from lisa.domain.project import ProjectId
from lisa.http.answers import may_answer
from lisa.http.paging import Cursor
from lisa.http.projects.schemas import ProjectOut, ProjectPage, ProjectWanted
from lisa.http.services import Caller, may_use_projects
from lisa.http.sessions.routes import SessionId, Uses
from lisa.http.sessions.schemas import SessionOut
from lisa.http.strict_json import StrictRoute

IF_SWITCHED_ON: Final = [Depends(may_use_projects)]
router = APIRouter(
    prefix="/projects",
    tags=["projects"],
    route_class=StrictRoute,
    responses=may_answer(400, 404, 409),
    dependencies=IF_SWITCHED_ON,
)

Id = Annotated[ProjectId, Path(description="The project's id.")]


@router.post("", status_code=201)
async def create(
    uses: Uses, caller: Caller, response: Response, wanted: ProjectWanted
) -> ProjectOut:
    """Make a project; `maxProjectsPerUser` of the configuration says how many one may have."""
    project = await uses.projects.create(caller, wanted.name)
    response.headers["location"] = f"projects/{project.id}"
    return ProjectOut.of(project)


@router.get("")
async def page(
    uses: Uses,
    caller: Caller,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    cursor: Cursor = "",
) -> ProjectPage:
    """List your projects."""
    found, go_on = await uses.projects.page(caller, limit=limit, cursor=cursor)
    return ProjectPage(items=[ProjectOut.of(each) for each in found], next_cursor=go_on)


@router.patch("/{project_id}")
async def rename(uses: Uses, caller: Caller, project_id: Id, wanted: ProjectWanted) -> ProjectOut:
    """Rename a project."""
    return ProjectOut.of(await uses.projects.rename(caller, project_id, wanted.name))


@router.delete("/{project_id}", status_code=204)
async def delete(
    uses: Uses, caller: Caller, project_id: Id, sessions: Literal["keep", "delete"] = "keep"
) -> None:
    """Delete a project; its sessions are kept outside of it, or deleted with it."""
    await uses.projects.delete(caller, project_id, sessions)


@router.put("/{project_id}/sessions/{session_id}")
async def put(uses: Uses, caller: Caller, project_id: Id, session_id: SessionId) -> SessionOut:
    """Put a session into this project."""
    return SessionOut.of(await uses.projects.put(caller, project_id, session_id))


@router.delete("/{project_id}/sessions/{session_id}")
async def take_out(uses: Uses, caller: Caller, project_id: Id, session_id: SessionId) -> SessionOut:
    """Take a session out of this project."""
    return SessionOut.of(await uses.projects.take_out(caller, project_id, session_id))
