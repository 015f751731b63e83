"""Tool servers: added, listed, changed, removed, tried; and what each person makes of them."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pydantic import JsonValue, ValidationError

from lisa.domain.audit import Deed
from lisa.domain.conflicts import outdated, overtaken
from lisa.domain.errors import ConditionFailed, Conflict, Invalid, NotFound
from lisa.domain.faults import named
from lisa.domain.identity import Principal
from lisa.domain.policy import Kind, Thing, Verb, decide, require
from lisa.domain.tool_server import ToolChoices, ToolServer
from lisa.ports.clock import Clock
from lisa.ports.ids import Ids
from lisa.ports.secrets import SecretStore
from lisa.ports.tool_servers import Tool, ToolServers
from lisa.stores.tool_servers import ToolServerStore
from lisa.usecases.audit import Audit
from lisa.usecases.tool_server_access import ID_PATTERN, as_thing, reach_of
from lisa.usecases.tool_server_keys import ToolServerKeys
from lisa.usecases.tool_server_rules import (
    refuse_headers,
    refuse_other_place,
    refuse_unusable,
)

MOST_TRIES: Final = 20
NOTHING_CHOSEN: Final = ToolChoices()


@dataclass(frozen=True)
class Wanted:
    """Values of a server's fields, and credentials by the header that bears them.

    Those it has stay unless they are replaced or `forgotten`. With a version, a change happens only
    if the server is still at that version.
    """

    fields: Mapping[str, object] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    forgotten: frozenset[str] = frozenset()
    version: int | None = None


@dataclass(frozen=True)
class Shown:
    """A server, and what the caller made of it."""

    server: ToolServer
    choices: ToolChoices = NOTHING_CHOSEN


@dataclass(frozen=True)
class Tried:
    """The tools a server has, and how long it took to learn them."""

    tools: Sequence[Tool]
    ms: int


@dataclass(frozen=True)
class ManagedToolServers:
    """What a caller can do with tool servers."""

    store: ToolServerStore
    vault: SecretStore
    servers: ToolServers
    clock: Clock
    ids: Ids
    audit: Audit

    async def create(self, caller: Principal, wanted: Wanted) -> Shown:
        """Add a server; credentials that come with it are kept apart, never in its row."""
        server_id, now = self.ids.new("ts"), self.clock.now()
        require(caller, Verb.CREATE, Thing(Kind.TOOL_SERVER, server_id, owner=caller.subject))
        about = {"id": server_id, "owner": caller.subject, "created": now, "changed": now}
        server = _checked({**wanted.fields, **about, "by_admin": caller.admin})
        refuse_headers(wanted.secrets)
        refuse_unusable(server, caller)
        async with self._keys.kept_with(server, wanted.secrets) as whole:
            record = await self.audit.step(caller, _deed(Verb.CREATE, after=whole))
            await self.store.add(whole, record)
        return Shown(whole)

    async def page(
        self, caller: Principal, *, everybodys: bool, limit: int, cursor: str
    ) -> tuple[list[Shown], str]:
        """List the caller's own servers and those shared with them; or everybody's."""
        if everybodys:
            require(caller, Verb.LIST_ALL, Thing(Kind.TOOL_SERVER))
            servers, cursor = await self.store.page_of_all(limit, cursor)
        else:
            require(caller, Verb.LIST, Thing(Kind.TOOL_SERVER, owner=caller.subject))
            servers, cursor = await self.store.page(reach_of(caller), limit, cursor)
            servers = [each for each in servers if each.active or _may_change(caller, each)]
        chosen = await self.store.all_choices(caller.subject, [each.id for each in servers])
        return [Shown(each, chosen.get(each.id, NOTHING_CHOSEN)) for each in servers], cursor

    async def get(self, caller: Principal, server_id: str) -> Shown:
        """Return a server; one that the caller may not see isn't there."""
        server = await self._seen(caller, server_id)
        choices, _ = await self.store.choices(caller.subject, server.id)
        return Shown(server, choices)

    async def update(self, caller: Principal, server_id: str, wanted: Wanted) -> Shown:
        """Change a server; where somebody else was faster, on top of theirs."""
        for _ in range(MOST_TRIES):
            old = await self._seen(caller, server_id)
            require(caller, Verb.CHANGE, as_thing(old))
            if wanted.version not in {None, old.version}:
                raise outdated(f"the tool server {old.name}", old.version)
            try:
                changed = await self._replace(caller, old, wanted)
            except ConditionFailed:
                continue
            choices, _ = await self.store.choices(caller.subject, server_id)
            return Shown(changed, choices)
        raise overtaken("the tool server")

    async def remove(self, caller: Principal, server_id: str) -> ToolServer:
        """Forget a server and the credentials that were kept for it; return what it was."""
        for _ in range(MOST_TRIES):
            server = await self._seen(caller, server_id)
            require(caller, Verb.DELETE, as_thing(server))
            record = await self.audit.step(caller, _deed(Verb.DELETE, before=server))
            try:
                await self.store.remove(server, record)
            except ConditionFailed:
                continue
            await self._keys.forget_unused(server)
            return server
        raise overtaken("the tool server")

    async def test(self, caller: Principal, server_id: str) -> Tried:
        """Connect to a server and list its tools, really; noted, as it makes our machines call."""
        server = await self._seen(caller, server_id)
        require(caller, Verb.CHANGE, as_thing(server))
        await self.audit.note(caller, _deed("test", after=server))
        begun = time.perf_counter()
        tools = await self._listed(server)
        return Tried(tools, round((time.perf_counter() - begun) * 1000))

    async def tools(self, caller: Principal, server_id: str) -> Sequence[Tool]:
        """Ask a server which tools it has."""
        server = await self._seen(caller, server_id)
        if not server.active:
            raise Conflict(
                f"the tool server {server.name} is switched off",
                next_step="switch it on first",
                code="tool_server_off",
            )
        return await self._listed(server)

    async def choose(self, caller: Principal, server_id: str, choices: ToolChoices) -> Shown:
        """Keep what the caller made of a server in place of what they made of it before."""
        server = await self._seen(caller, server_id)
        for _ in range(MOST_TRIES):
            _, version = await self.store.choices(caller.subject, server.id)
            try:
                await self.store.choose(caller.subject, server.id, choices, version)
            except ConditionFailed:
                continue
            return Shown(server, choices)
        raise overtaken("the tool server")

    @property
    def _keys(self) -> ToolServerKeys:
        return ToolServerKeys(self.store, self.vault, self.ids)

    async def _listed(self, server: ToolServer) -> Sequence[Tool]:
        async with self.servers.connect(server) as connection:
            return await connection.tools()

    async def _replace(self, caller: Principal, old: ToolServer, wanted: Wanted) -> ToolServer:
        former = {name: getattr(old, name) for name in ToolServer.model_fields}
        kept = {name: at for name, at in old.credentials.items() if name not in wanted.forgotten}
        now = {"changed": self.clock.now(), "by_admin": caller.admin, "credentials": kept}
        new = _checked({**former, **wanted.fields, **now})
        refuse_headers(wanted.secrets)
        refuse_unusable(new, caller)
        refuse_other_place(old, new, wanted.secrets)
        async with self._keys.kept_with(new, wanted.secrets) as whole:
            record = await self.audit.step(caller, _deed(Verb.CHANGE, before=old, after=whole))
            changed = await self.store.change(old, whole, record)
        await self._keys.forget_unused(old)
        return changed

    async def _seen(self, caller: Principal, server_id: str) -> ToolServer:
        server = await self.store.by_id(server_id) if ID_PATTERN.fullmatch(server_id) else None
        if server is None or not decide(caller, Verb.READ, as_thing(server)).allowed:
            raise NotFound(
                f"there is no tool server {server_id[:128]}",
                next_step="`lisa tools list` shows the ids",
                code="tool_server_not_found",
            )
        return server


def _checked(values: Mapping[str, object]) -> ToolServer:
    """Return the server; whatever is wrong with it is named, never its value."""
    try:
        return ToolServer.model_validate(values)
    except ValidationError as fault:
        raise Invalid(
            named(fault, "tool server"), next_step="correct these fields", code="bad_tool_server"
        ) from fault


def _may_change(caller: Principal, server: ToolServer) -> bool:
    return decide(caller, Verb.CHANGE, as_thing(server)).allowed


def _deed(verb: str, *, before: ToolServer | None = None, after: ToolServer | None = None) -> Deed:
    server = after or before
    return Deed(
        verb,
        Kind.TOOL_SERVER,
        server.id if server else "",
        before=_told(before) if before else None,
        after=_told(after) if after else None,
    )


def _told(server: ToolServer) -> dict[str, JsonValue]:
    """Tell of a server for the audit, which would mask what is called `credentials`."""
    told = server.model_dump(mode="json", exclude={"version", "changed"})
    told["groups"] = sorted(server.groups)
    told["references"] = sorted(told.pop("credentials").values())
    return told
