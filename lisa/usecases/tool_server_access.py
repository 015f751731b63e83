"""Which tool servers a caller reaches, and which one a name means."""

import re
from typing import Final

from lisa.domain.errors import Invalid
from lisa.domain.identity import Principal
from lisa.domain.policy import PUBLIC, Kind, Thing, Verb, decide
from lisa.domain.tool_server import ToolServer
from lisa.stores.tool_servers import Reach, ToolServerStore

ID_PATTERN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:\-]{0,127}")
PAGE: Final = 100
MOST_PAGES: Final = 20  # a name is looked for in so many; an id is found at once


def reach_of(caller: Principal) -> Reach:
    """Return whose list a caller sees."""
    return Reach(caller.subject, caller.groups | {PUBLIC})


def as_thing(server: ToolServer) -> Thing:
    """Return the server as the policy sees it."""
    return Thing(Kind.TOOL_SERVER, server.id, owner=server.owner, groups=server.groups)


async def usable(store: ToolServerStore, caller: Principal, label: str) -> ToolServer:
    """Return the server of this id or name that the caller may use; the own one comes first."""
    found = await _of_id(store, caller, label) or await _of_name(store, caller, label)
    if found is None:
        raise Invalid(
            f"there is no tool server {label[:128]} that you may use",
            next_step="name one of your list by its id or its name",
            code="tool_server_not_found",
        )
    if not found.active:
        raise Invalid(
            f"the tool server {found.name} is switched off",
            next_step="leave it out, or ask its owner to switch it on",
            code="tool_server_off",
        )
    return found


async def _of_id(store: ToolServerStore, caller: Principal, label: str) -> ToolServer | None:
    server = await store.by_id(label) if ID_PATTERN.fullmatch(label) else None
    return server if server and decide(caller, Verb.USE, as_thing(server)).allowed else None


async def _of_name(store: ToolServerStore, caller: Principal, label: str) -> ToolServer | None:
    named: list[ToolServer] = []
    cursor = ""
    for _ in range(MOST_PAGES):
        page, cursor = await store.page(reach_of(caller), PAGE, cursor)
        named += [each for each in page if each.name == label and each.active]
        if not cursor:
            break
    own = [each for each in named if each.owner == caller.subject]
    meant = own or named
    if len(meant) > 1:
        raise Invalid(
            f"{len(meant)} tool servers are called {label}",
            next_step="name the one you mean by its id",
            code="tool_server_ambiguous",
        )
    return meant[0] if meant else None
