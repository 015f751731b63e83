"""Tool servers as existing LISA clients know them: `/mcp-server`, success always 200.

Other than there, the owner is who adds a server, only an administrator shares one, no answer has a
caller's token in it, and a header that bears a secret is kept as one and shown as `***`.
"""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field, JsonValue

from lisa.domain.audit import MASK, masked
from lisa.domain.identity import Principal
from lisa.domain.model import Text
from lisa.domain.policy import PUBLIC, Verb, decide
from lisa.domain.tool_server import HeaderName, HeaderValue, ServerId
from lisa.http.answers import may_answer
from lisa.http.paging import Cursor, next_page
from lisa.http.services import Caller
from lisa.http.strict_json import StrictRoute
from lisa.http.tool_servers.routes import IF_SWITCHED_ON, Uses
from lisa.http.tool_servers.schemas import Name
from lisa.usecases.tool_server_access import as_thing
from lisa.usecases.tool_server_rules import MOST_GROUPS
from lisa.usecases.tool_servers import Shown, Wanted

router = APIRouter(
    prefix="/mcp-server",
    tags=["tool servers, as in LISA"],
    route_class=StrictRoute,
    responses=may_answer(400, 404, 409),
    dependencies=IF_SWITCHED_ON,
)

OF_GROUP: Final = "group:"  # how LISA's clients write a group
FIRST_ANSWER: Final = 100
OurId = Annotated[ServerId, Path(description="The server's id.")]


class Connection(BaseModel):
    """A server as LISA's clients send it; other keys are ignored, as `clientConfig` is."""

    name: Name
    url: Annotated[str, Field(max_length=2048)]
    description: Annotated[str, Field(max_length=2000)] | None = None
    custom_headers: Annotated[
        dict[HeaderName, HeaderValue], Field(alias="customHeaders", max_length=32)
    ] = Field(default_factory=dict)
    status: Literal["active", "inactive"] = "active"
    groups: Annotated[list[Text], Field(max_length=MOST_GROUPS)] | None = None
    owner: str | None = None

    def wanted(self, before: Shown | None = None) -> Wanted:
        """Return what the use case is asked; a masked secret is the one there is."""
        masked_here = {name for name, value in self.custom_headers.items() if value == MASK}
        secret = {name for name in self.custom_headers if _is_secret(name, self.custom_headers)}
        groups = {each.removeprefix(OF_GROUP) for each in self.groups or ()}
        fields: dict[str, object] = {
            "name": self.name,
            "url": self.url,
            "description": self.description or "",
            "headers": {n: v for n, v in self.custom_headers.items() if n not in secret},
            "groups": groups | ({PUBLIC} if self.owner == PUBLIC else set()),
            "active": self.status == "active",
        }
        kept = before.server.credentials.keys() if before else set()
        given = {name: self.custom_headers[name] for name in secret - masked_here}
        return Wanted(fields, given, frozenset(kept - secret))


@router.get("")
async def page(
    uses: Uses, caller: Caller, request: Request, response: Response, cursor: Cursor = ""
) -> dict[str, list[dict[str, JsonValue]]]:
    """List the servers you may use; administrators: all."""
    found, go_on = await uses.servers.page(
        caller, everybodys=caller.admin, limit=FIRST_ANSWER, cursor=cursor
    )
    if go_on:
        response.headers["link"] = next_page(request, cursor=go_on)
    usable = [each for each in found if caller.admin or each.server.active]
    return {"Items": [{**_shown(each, caller), "canUse": True} for each in usable]}


@router.post("")
async def create(uses: Uses, caller: Caller, wanted: Connection) -> dict[str, JsonValue]:
    """Add a server of your own."""
    return _shown(await uses.servers.create(caller, wanted.wanted()), caller)


@router.get("/{server_id}")
async def get(
    uses: Uses,
    caller: Caller,
    server_id: OurId,
    show_placeholder: Annotated[str, Query(alias="showPlaceholder", max_length=10)] = "",
) -> dict[str, JsonValue]:
    """Return a server."""
    del show_placeholder  # no token is ever put in, so there is nothing to leave out
    shown = await uses.servers.get(caller, server_id)
    return {**_shown(shown, caller), "isOwner": shown.server.owner == caller.subject}


@router.put("/{server_id}")
async def update(
    uses: Uses, caller: Caller, server_id: OurId, wanted: Connection
) -> dict[str, JsonValue]:
    """Change a server."""
    before = await uses.servers.get(caller, server_id)
    return _shown(await uses.servers.update(caller, server_id, wanted.wanted(before)), caller)


@router.delete("/{server_id}")
async def delete(uses: Uses, caller: Caller, server_id: OurId) -> dict[str, str]:
    """Remove a server."""
    await uses.servers.remove(caller, server_id)
    return {"status": "ok"}


def _is_secret(name: str, headers: dict[str, str]) -> bool:
    return masked({name: headers[name]}) != {name: headers[name]} or headers[name] == MASK


def _shown(shown: Shown, viewer: Principal) -> dict[str, JsonValue]:
    server = shown.server
    keeps = decide(viewer, Verb.CHANGE, as_thing(server)).allowed
    headers: dict[str, JsonValue] = {**server.headers, **dict.fromkeys(server.credentials, MASK)}
    groups = sorted(server.groups - {PUBLIC})
    return {
        "id": server.id,
        "created": server.created.isoformat(),
        "owner": PUBLIC if PUBLIC in server.groups else server.owner,
        "url": server.url,
        "name": server.name,
        "description": server.description,
        "customHeaders": headers if keeps else {},
        "clientConfig": None,
        "status": "active" if server.active else "inactive",
        "groups": [f"{OF_GROUP}{group}" for group in groups],
    }
