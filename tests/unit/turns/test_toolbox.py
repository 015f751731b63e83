"""The tools of a turn: what is listed, what needs a word, what is recorded, what is saved."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import JsonValue

from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.system.ids import RandomIds
from lisa.domain.errors import Forbidden, Invalid, Unavailable
from lisa.domain.identity import Principal
from lisa.domain.tool_server import ToolChoices, ToolServer
from lisa.domain.turns.tools import McpTool
from lisa.ports.tool_servers import Tool, ToolResult
from lisa.stores.audit import AuditStore, Search
from lisa.stores.tool_servers import NEVER_CHOSEN, ToolServerStore
from lisa.usecases.audit import Audit
from lisa.usecases.turns.tool_names import LONGEST, chat_name
from lisa.usecases.turns.toolbox import Toolbox

ALICE = Principal(subject="alice", groups=frozenset({"a"}))
BOB = Principal(subject="bob")
ROOT = Principal(subject="root", admin=True)
TOOLS = [
    Tool("ls", "List.", {"type": "object"}, {"readOnlyHint": True}),
    Tool("rm", "Remove.", {"type": "object"}),
]


@dataclass
class Scripted:
    """Tool servers that do as they are told, and remember what was asked of them."""

    asked: list[str] = field(default_factory=list)
    open: int = 0
    down: set[str] = field(default_factory=set)

    @asynccontextmanager
    async def connect(self, server: ToolServer) -> AsyncIterator["Connected"]:
        self.asked.append(f"connect {server.name}")
        if server.name in self.down:
            raise Unavailable(f"the tool server {server.name} can't be reached")
        self.open += 1
        try:
            yield Connected(self, server)
        finally:
            self.open -= 1


@dataclass
class Connected:
    """One of their connections."""

    told: Scripted
    server: ToolServer

    async def tools(self) -> list[Tool]:
        self.told.asked.append(f"tools {self.server.name}")
        return TOOLS

    async def call(self, name: str, arguments: dict[str, JsonValue]) -> ToolResult:
        self.told.asked.append(f"call {name} {arguments}")
        if self.server.name in self.told.down:
            raise Unavailable("it hung up")
        return ToolResult("done")


@dataclass
class World:
    """A toolbox and what it stands on."""

    box: Toolbox
    servers: Scripted
    store: ToolServerStore
    clock: ManualClock

    async def add(self, key: str, owner: str = "alice", **fields: Any) -> ToolServer:
        now = self.clock.now()
        about = {"id": f"ts_{key}", "owner": owner, "name": key, "created": now, "changed": now}
        server = ToolServer(**{**about, "url": f"https://{key}.example.org", **fields})
        await self.store.add(server)
        return server

    async def records(self) -> list[Any]:
        found, _ = await self.box.audit.page(ROOT, Search())
        return found


@pytest.fixture
def world() -> World:
    clock = ManualClock()
    tables = MemoryTables(clock)
    store, servers = ToolServerStore(tables), Scripted()
    audit = Audit(AuditStore(tables), clock, RandomIds())
    return World(Toolbox(store, servers, audit, clock), servers, store, clock)


def mcp(label: str, **fields: Any) -> McpTool:
    return McpTool.model_validate({"server_label": label, **fields})


async def test_tools_are_listed_for_the_model_and_for_the_caller(world: World) -> None:
    await world.add("one")
    async with world.box.open(ALICE, [mcp("ts_one")], ()) as tools:
        assert [*tools.names] == ["ts_one__ls", "ts_one__rm"]
        function = {"name": "ts_one__ls", "description": "List.", "parameters": {"type": "object"}}
        assert tools.chat_tools[0] == {"type": "function", "function": function}
        assert tools.names["ts_one__rm"] == ("ts_one", "rm")
        [listing] = tools.listed
        assert (listing["type"], listing["server_label"], listing["error"]) == (
            "mcp_list_tools",
            "ts_one",
            None,
        )
    assert world.servers.open == 0


async def test_a_name_finds_the_own_server_before_a_shared_one(world: World) -> None:
    await world.add("theirs", owner="root", groups={"a"})
    async with world.box.open(ALICE, [mcp("theirs")], ()) as tools:
        assert tools.by_label["theirs"].server.owner == "root"
    await world.add("mine", name="theirs")
    async with world.box.open(ALICE, [mcp("theirs")], ()) as tools:
        assert tools.by_label["theirs"].server.owner == "alice"
    await world.add("third", owner="root", name="theirs", groups={"lisa:public", "a"})
    with pytest.raises(Invalid, match="2 tool servers are called theirs"):
        async with world.box.open(
            Principal(subject="carol", groups=frozenset({"a"})), [mcp("theirs")], ()
        ):
            pass


@pytest.mark.parametrize("label", ["ts_private", "private", "ts_no", "no such", "a\x00b"])
async def test_a_server_that_is_not_the_callers_is_not_there(world: World, label: str) -> None:
    await world.add("private")
    with pytest.raises(Invalid) as raised:
        async with world.box.open(BOB, [mcp(label)], ()):
            pass
    assert raised.value.precise_code == "tool_server_not_found"
    assert world.servers.asked == []


async def test_a_server_is_called_where_it_is_registered(world: World) -> None:
    await world.add("one")
    await world.add("off", active=False)
    same = mcp("ts_one", server_url="https://one.example.org")
    async with world.box.open(ALICE, [same], ()):
        pass
    for wrong in (
        [mcp("ts_one", server_url="https://evil.example.org")],
        [mcp("ts_off")],
        [mcp("ts_one"), mcp("ts_one")],
    ):
        with pytest.raises(Invalid):
            async with world.box.open(ALICE, wrong, ()):
                pass


async def test_a_server_that_is_down_is_told_of_and_stops_no_other(world: World) -> None:
    await world.add("up")
    await world.add("down")
    world.servers.down.add("down")
    async with world.box.open(ALICE, [mcp("ts_down"), mcp("ts_up")], ()) as tools:
        assert [each["error"] for each in tools.listed] == [
            "the tool server down can't be reached",
            None,
        ]
        assert (await tools.call("ts_up", "ls", "{}", "once")).text == "done"
    # It isn't waited for again right away, but soon.
    async with world.box.open(ALICE, [mcp("ts_down")], ()):
        assert world.servers.asked.count("connect down") == 1
    world.clock.advance(11)
    async with world.box.open(ALICE, [mcp("ts_down")], ()):
        assert world.servers.asked.count("connect down") == 2


async def test_a_list_is_asked_for_once_a_minute_and_after_every_change(world: World) -> None:
    server = await world.add("one")
    for _ in range(3):
        async with world.box.open(ALICE, [mcp("ts_one")], ()):
            pass
    assert world.servers.asked == ["connect one", "tools one"]
    await world.store.change(server, server.model_copy(update={"description": "new"}))
    async with world.box.open(ALICE, [mcp("ts_one")], ()):
        pass
    world.clock.advance(61)
    async with world.box.open(ALICE, [mcp("ts_one")], ()):
        pass
    assert world.servers.asked.count("tools one") == 3


async def test_one_connection_serves_a_whole_turn(world: World) -> None:
    await world.add("one")
    async with world.box.open(ALICE, [mcp("ts_one")], ()) as tools:
        await asyncio.gather(*(tools.call("ts_one", "ls", "{}", "never") for _ in range(5)))
        assert world.servers.asked.count("connect one") == 1
        assert world.servers.open == 1
    assert world.servers.open == 0


async def test_what_is_offered_follows_the_request_and_the_callers_choices(world: World) -> None:
    server = await world.add("one")
    for allowed, expected in (
        (["rm"], ["rm"]),
        ({"tool_names": ["rm"]}, ["rm"]),
        ({"read_only": True}, ["ls"]),
        ([], []),
        (None, ["ls", "rm"]),
    ):
        wanted = mcp("ts_one", allowed_tools=allowed)
        async with world.box.open(ALICE, [wanted], ()) as tools:
            assert [tool for _, tool in tools.names.values()] == expected
            for hidden in {"ls", "rm"} - {*expected}:
                assert (await tools.call("ts_one", hidden, "{}", "never")).is_error
    off = ToolChoices(disabled_tools=frozenset({"rm"}))
    await world.store.choose("alice", server.id, off, NEVER_CHOSEN)
    async with world.box.open(ALICE, [mcp("ts_one")], ()) as tools:
        assert [tool for _, tool in tools.names.values()] == ["ls"]


@pytest.mark.parametrize(
    ("asked", "approved", "needed"),
    [
        (None, (), True),
        ("always", (), True),
        ("never", (), False),
        ({"never": {"tool_names": ["rm"]}}, (), False),
        ({"never": {"tool_names": ["ls"]}}, (), True),
        ({"always": {"tool_names": ["ls"]}}, (), True),
        (None, ("ts_one.rm",), False),
        (None, ("ts_one.ls", "ts_two.rm"), True),
    ],
)
async def test_a_call_needs_a_word_unless_it_was_given(
    world: World, asked: Any, approved: tuple[str, ...], *, needed: bool
) -> None:
    await world.add("one")
    fields = {} if asked is None else {"require_approval": asked}
    async with world.box.open(ALICE, [mcp("ts_one", **fields)], approved) as tools:
        assert tools.needs_approval("ts_one", "rm") is needed


async def test_an_approval_for_always_is_saved_for_its_giver_alone(world: World) -> None:
    await world.add("one", owner="root", groups={"lisa:public"})
    async with world.box.open(ALICE, [mcp("ts_one")], ()) as tools:
        await tools.approve("ts_one", "rm", "always")
        assert not tools.needs_approval("ts_one", "rm")
        assert tools.needs_approval("ts_one", "ls")
    async with world.box.open(ALICE, [mcp("ts_one")], ()) as tools:
        assert not tools.needs_approval("ts_one", "rm")
    async with world.box.open(BOB, [mcp("ts_one")], ()) as tools:
        assert tools.needs_approval("ts_one", "rm")
    narrow = ALICE.model_copy(update={"scopes": frozenset({"inference"})})
    async with world.box.open(narrow, [mcp("ts_one")], ()) as tools:
        with pytest.raises(Forbidden):
            await tools.approve("ts_one", "ls", "always")


async def test_every_call_is_recorded_without_its_arguments(world: World) -> None:
    await world.add("one")
    async with world.box.open(ALICE, [mcp("ts_one")], ()) as tools:
        await tools.call("ts_one", "rm", '{"path": "/very/private"}', "approved once")
    [record] = await world.records()
    assert (record.who, record.verb, record.object_id) == ("alice", "use", "ts_one")
    assert (record.after, record.reason) == ({"server": "one", "tool": "rm"}, "approved once")


async def test_what_goes_wrong_in_a_call_is_told_to_the_model(world: World) -> None:
    await world.add("one")
    async with world.box.open(ALICE, [mcp("ts_one")], ()) as tools:
        for arguments in ("{", "[]", "7", "null", "[" * 100_000):
            assert (await tools.call("ts_one", "ls", arguments, "never")).is_error
        assert (await tools.call("ts_one", "ls", "", "never")).text == "done"
        world.servers.down.add("one")
        failed = await tools.call("ts_one", "ls", "{}", "never")
        assert failed == ToolResult("it hung up", is_error=True)
        world.servers.down.clear()
        assert (await tools.call("ts_one", "ls", "{}", "never")).text == "done"
        assert world.servers.asked.count("connect one") == 2
        with pytest.raises(Forbidden):
            await tools.call("ts_two", "ls", "{}", "never")


def test_a_chat_name_is_short_plain_and_nobody_elses() -> None:
    assert chat_name("maps", "find", ()) == "maps__find"
    assert chat_name("My maps!", "find.it", ()) == "My_maps___find_it"
    long = chat_name("m" * 70, "find", ())
    other = chat_name("m" * 70, "lose", ())
    assert (len(long), long == other) == (LONGEST, False)
    assert chat_name("a.b", "c", {"a_b__c"}) != "a_b__c"
