"""Tool servers: `/tool-servers`."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Path, Query, Response

from lisa.domain.tool_server import ServerId
from lisa.http.answers import may_answer
from lisa.http.paging import Cursor, Limit
from lisa.http.services import Caller, Given, ToolServerServices, may_use_tool_servers
from lisa.http.strict_json import StrictRoute
from lisa.http.tool_servers.schemas import (
    ChoicesIn,
    ToolServerChange,
    ToolServerIn,
    ToolServerOut,
    ToolServerPage,
    ToolsOut,
    TriedOut,
)

IF_SWITCHED_ON: Final = [Depends(may_use_tool_servers)]
router = APIRouter(
    prefix="/tool-servers",
    tags=["tool servers"],
    route_class=StrictRoute,
    responses=may_answer(400, 404, 409),
    dependencies=IF_SWITCHED_ON,
)


def tool_server_services(given: Given) -> ToolServerServices:
    """Return what these routes call; an app without it has no such routes."""
    if given.tool_servers is None:
        raise LookupError("this app was not given tool servers")
    return given.tool_servers


Uses = Annotated[ToolServerServices, Depends(tool_server_services)]
Id = Annotated[ServerId, Path(description="The server's id.")]
Whose = Annotated[
    Literal["mine", "all"],
    Query(description="Your own and those shared with you, or (administrators) everybody's."),
]


@router.post("", status_code=201)
async def create(
    uses: Uses, caller: Caller, response: Response, wanted: ToolServerIn
) -> ToolServerOut:
    """Add a server; only an administrator shares it, or gives a private address or a program."""
    shown = await uses.servers.create(caller, wanted.wanted())
    response.headers["location"] = f"tool-servers/{shown.server.id}"
    return ToolServerOut.of(shown, caller)


@router.get("")
async def page(
    uses: Uses, caller: Caller, whose: Whose = "mine", limit: Limit = 50, cursor: Cursor = ""
) -> ToolServerPage:
    """List servers with what you made of them."""
    everybodys = whose == "all"
    found, go_on = await uses.servers.page(
        caller, everybodys=everybodys, limit=limit, cursor=cursor
    )
    return ToolServerPage(
        items=[ToolServerOut.of(each, caller) for each in found], next_cursor=go_on
    )


@router.get("/{server_id}")
async def get(uses: Uses, caller: Caller, server_id: Id) -> ToolServerOut:
    """Return a server."""
    return ToolServerOut.of(await uses.servers.get(caller, server_id), caller)


@router.put("/{server_id}")
async def update(
    uses: Uses, caller: Caller, server_id: Id, wanted: ToolServerChange
) -> ToolServerOut:
    """Change a server; a credential is given again where the address becomes another one."""
    asked = wanted.wanted(wanted.version)
    return ToolServerOut.of(await uses.servers.update(caller, server_id, asked), caller)


@router.delete("/{server_id}", status_code=204)
async def delete(uses: Uses, caller: Caller, server_id: Id) -> None:
    """Remove a server and the credentials that were kept for it."""
    await uses.servers.remove(caller, server_id)


@router.post("/{server_id}/test")
async def test(uses: Uses, caller: Caller, server_id: Id) -> TriedOut:
    """Connect to a server, really, and list its tools; 503 says what is wrong."""
    return TriedOut.of(await uses.servers.test(caller, server_id))


@router.get("/{server_id}/tools")
async def tools(uses: Uses, caller: Caller, server_id: Id) -> ToolsOut:
    """Ask a server which tools it has."""
    found = await uses.servers.tools(caller, server_id)
    return ToolsOut(tools=ToolsOut.listed(found))


@router.put("/{server_id}/choices")
async def choose(uses: Uses, caller: Caller, server_id: Id, wanted: ChoicesIn) -> ToolServerOut:
    """Say whether a server is on for you, and which tools are off or need no asking."""
    return ToolServerOut.of(await uses.servers.choose(caller, server_id, wanted.choices()), caller)
