"""The tools of one turn: listed, called and recorded, on servers that the caller may use."""

import asyncio
import json
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, Literal

from pydantic import JsonValue

from lisa.domain.audit import Deed
from lisa.domain.errors import ConditionFailed, Conflict, Forbidden, Invalid, LisaError
from lisa.domain.identity import Principal
from lisa.domain.policy import Kind, Verb, require
from lisa.domain.tool_server import ToolChoices, ToolServer
from lisa.domain.turns.tools import McpTool
from lisa.ports.clock import Clock
from lisa.ports.tool_servers import Tool, ToolConnection, ToolResult, ToolServers
from lisa.stores.tool_servers import ToolServerStore
from lisa.usecases.audit import Audit
from lisa.usecases.tool_server_access import as_thing, usable
from lisa.usecases.turns.tool_lists import ToolLists
from lisa.usecases.turns.tool_names import chat_name
from lisa.usecases.turns.tool_rules import asks_first, is_offered

MOST_SERVERS: Final = 32
MOST_TRIES: Final = 5


@dataclass(frozen=True)
class Toolbox:
    """Opens the tools that a request names."""

    store: ToolServerStore
    servers: ToolServers
    audit: Audit
    clock: Clock
    lists: ToolLists = field(default_factory=ToolLists)

    @asynccontextmanager
    async def open(
        self, caller: Principal, tools: Sequence[McpTool], approved_in_session: Collection[str]
    ) -> AsyncIterator["OpenTools"]:
        """List the tools; what is connected on the way is hung up at the end.

        Raises `Invalid` for a server that the caller may not use; one that can't be reached is
        told of in `listed`.
        """
        _refuse_too_many(tools)
        async with AsyncExitStack() as stack:
            named = [await self._named(caller, tool, stack) for tool in tools]
            opened = OpenTools(self, caller, {each.tool.server_label: each for each in named})
            opened.approved.update(approved_in_session)
            await asyncio.gather(*(each.list_tools() for each in named))
            opened.name_tools()
            yield opened

    async def check(self, caller: Principal, tools: Sequence[McpTool]) -> None:
        """Raise `Invalid` for servers that the caller may not use; nothing is connected."""
        _refuse_too_many(tools)
        for tool in tools:
            await self._server_of(caller, tool)

    async def _named(
        self, caller: Principal, tool: McpTool, stack: AsyncExitStack
    ) -> "ServerInTurn":
        server = await self._server_of(caller, tool)
        choices, _ = await self.store.choices(caller.subject, server.id)
        return ServerInTurn(self, stack, server, tool, choices)

    async def _server_of(self, caller: Principal, tool: McpTool) -> ToolServer:
        server = await usable(self.store, caller, tool.server_label)
        if tool.server_url and tool.server_url != server.url:
            raise Invalid(
                f"{tool.server_label} has another address than `server_url`",
                next_step="leave out `server_url`: a server is called where it is registered",
                code="tool_server_url_differs",
            )
        return server


@dataclass
class ServerInTurn:
    """One server in the course of a turn; connected when something is first asked of it."""

    box: Toolbox
    stack: AsyncExitStack
    server: ToolServer
    tool: McpTool
    choices: ToolChoices
    offered: list[Tool] = field(default_factory=list)
    error: str | None = None
    _connection: ToolConnection | None = None
    _connecting: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def list_tools(self) -> None:
        """Learn its tools, or why there are none; a slow server only keeps its own list waiting."""
        try:
            tools = await self.box.lists.of(self.server, self.box.clock.now(), self._asked)
        except LisaError as failure:
            self.error = failure.message
            return
        off = self.choices.disabled_tools
        self.offered = [
            each for each in tools if each.name not in off and is_offered(self.tool, each)
        ]

    async def call(self, name: str, arguments: dict[str, JsonValue]) -> ToolResult:
        """Call a tool; a connection that failed isn't used again."""
        try:
            return await (await self._connected()).call(name, arguments)
        except LisaError as failure:
            self._connection = None
            return ToolResult(failure.message, is_error=True)

    async def _asked(self) -> list[Tool]:
        return await (await self._connected()).tools()

    async def _connected(self) -> ToolConnection:
        async with self._connecting:
            if self._connection is None:
                entered = self.box.servers.connect(self.server)
                self._connection = await self.stack.enter_async_context(entered)
            return self._connection


@dataclass
class OpenTools:
    """What a turn can do with its servers; `names` says which tool a chat name means."""

    box: Toolbox
    caller: Principal
    by_label: Mapping[str, ServerInTurn]
    approved: set[str] = field(default_factory=set)
    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    listed: list[dict[str, JsonValue]] = field(default_factory=list)
    chat_tools: list[dict[str, JsonValue]] = field(default_factory=list)

    def name_tools(self) -> None:
        """Tell of the tools, to the model and to whoever asked it."""
        for label, one in self.by_label.items():
            self.listed.append(_listing(self.box.audit.ids.new("mcpl"), label, one))
            for tool in one.offered:
                name = chat_name(label, tool.name, self.names)
                self.names[name] = (label, tool.name)
                self.chat_tools.append(_for_chat(name, tool))

    def needs_approval(self, label: str, tool: str) -> bool:
        """Tell whether somebody must agree to a call first."""
        one = self._server(label)
        if tool in one.choices.approved_tools or f"{one.server.id}.{tool}" in self.approved:
            return False
        return asks_first(one.tool, tool)

    async def call(self, label: str, tool: str, arguments_json: str, because: str) -> ToolResult:
        """Call a tool and record it first; what goes wrong there is told to the model."""
        one = self._server(label)
        if tool not in {each.name for each in one.offered}:
            return ToolResult(f"there is no tool {tool[:128]} on {label}", is_error=True)
        try:
            arguments = json.loads(arguments_json or "{}")
        except (ValueError, RecursionError):
            arguments = None
        if not isinstance(arguments, dict):
            return ToolResult("the arguments are not a JSON object", is_error=True)
        told: JsonValue = {"server": one.server.name, "tool": tool}
        deed = Deed(Verb.USE, Kind.TOOL_SERVER, one.server.id, after=told, reason=because)
        await self.box.audit.note(self.caller, deed)
        return await one.call(tool, arguments)

    async def approve(self, label: str, tool: str, how_long: Literal["always"]) -> None:
        """Save that the caller need not be asked again; a token for inference alone may not."""
        del how_long  # shorter ones are kept elsewhere
        one = self._server(label)
        require(self.caller, Verb.READ, as_thing(one.server))
        store, who, server_id = self.box.store, self.caller.subject, one.server.id
        for _ in range(MOST_TRIES):
            kept, version = await store.choices(who, server_id)
            approved = kept.approved_tools | {tool}
            one.choices = kept.model_copy(update={"approved_tools": approved})
            try:
                return await store.choose(who, server_id, one.choices, version)
            except ConditionFailed:
                continue
        raise Conflict("these choices change too fast", next_step="send it again")

    def _server(self, label: str) -> ServerInTurn:
        if label not in self.by_label:
            raise Forbidden(f"this turn has no tool server {label[:128]}", code="not_allowed")
        return self.by_label[label]


def _refuse_too_many(tools: Sequence[McpTool]) -> None:
    if len(tools) > MOST_SERVERS:
        raise Invalid(
            f"a turn can use {MOST_SERVERS} tool servers",
            next_step="leave some out",
            code="too_many_tools",
        )
    if len({tool.server_label for tool in tools}) < len(tools):
        raise Invalid(
            "two tools have the same `server_label`",
            next_step="name each server once",
            code="tool_server_twice",
        )


def _listing(item_id: str, label: str, one: ServerInTurn) -> dict[str, JsonValue]:
    tools: list[JsonValue] = [
        {
            "name": tool.name,
            "description": tool.description,
            "input_schema": tool.input_schema,
            "annotations": tool.annotations,
        }
        for tool in one.offered
    ]
    listing: dict[str, JsonValue] = {"id": item_id, "type": "mcp_list_tools"}
    return {**listing, "server_label": label, "tools": tools, "error": one.error}


def _for_chat(name: str, tool: Tool) -> dict[str, JsonValue]:
    parameters: dict[str, JsonValue] = tool.input_schema or {"type": "object", "properties": {}}
    function: dict[str, JsonValue] = {"name": name, "parameters": parameters}
    return {"type": "function", "function": {**function, "description": tool.description}}
