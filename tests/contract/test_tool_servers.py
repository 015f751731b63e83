"""Tool servers over real sockets and pipes: what works, and what dead, slow and lying ones do."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest

from lisa.adapters.mcp.patience import Patience
from lisa.adapters.mcp.servers import McpToolServers
from lisa.adapters.memory.secrets import MemorySecrets
from lisa.domain.errors import Forbidden, LisaError, Unavailable
from lisa.domain.tool_server import ToolServer
from lisa.ports.tool_servers import ToolResult
from tests.standins.model_server.server import Answer, Asked, model_server
from tests.standins.tool_server.server import tool_server

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PROGRAM = (sys.executable, "-m", "tests.standins.tool_server", "stdio")
SHORT = Patience(connect=2, listing=2, call=2)
WHOLE = 256 * 1024


def server_at(url: str, transport: str = "http", **fields: Any) -> ToolServer:
    given = {"id": "ts", "owner": "ann", "name": "Tools", "by_admin": True, **fields}
    return ToolServer(url=url, transport=transport, created=NOW, changed=NOW, **given)


@pytest.fixture(params=["http", "sse", "stdio"])
def standing(request: pytest.FixtureRequest) -> Any:
    """Return a server that works, over each transport."""
    if request.param == "stdio":
        yield server_at("", "stdio", command=PROGRAM)
        return
    with tool_server(request.param) as url:
        yield server_at(url, request.param)


def adapter(secrets: MemorySecrets | None = None, patience: Patience = SHORT) -> McpToolServers:
    return McpToolServers(secrets or MemorySecrets(), programs=True, patience=patience)


async def called(server: ToolServer, tool: str, **arguments: Any) -> ToolResult:
    async with adapter(patience=Patience(call=5)).connect(server) as connection:
        return await connection.call(tool, arguments)


async def failure(server: ToolServer, servers: McpToolServers | None = None) -> LisaError:
    with pytest.raises(LisaError) as raised:
        async with (servers or adapter()).connect(server) as connection:
            await connection.tools()
    return raised.value


async def test_tools_are_listed_and_called_over_every_transport(standing: ToolServer) -> None:
    async with adapter(patience=Patience()).connect(standing) as connection:
        tools = {tool.name: tool for tool in await connection.tools()}
        assert tools.keys() >= {"add", "slow", "huge", "failing", "weather"}
        assert tools["add"].description == "Add two numbers."
        assert tools["add"].input_schema["required"] == ["a", "b"]
        assert await connection.call("add", {"a": 2, "b": 40}) == ToolResult("42")
        weather = await connection.call("weather", {"place": "Bern"})
        assert json.loads(weather.text) == {"place": "Bern", "degrees": 21.5}


async def test_a_tools_own_failure_is_a_result(standing: ToolServer) -> None:
    async with adapter(patience=Patience()).connect(standing) as connection:
        failed = await connection.call("failing", {})
        assert failed.is_error
        assert "the well is dry" in failed.text
        assert (await connection.call("add", {"a": "one", "b": []})).is_error
        assert (await connection.call("no-such", {})).is_error
        assert await connection.call("add", {"a": 1, "b": 1}) == ToolResult("2")


async def test_a_long_result_is_cut(standing: ToolServer) -> None:
    result = await called(standing, "huge", size=400_000)
    assert result.text.startswith("x" * WHOLE + "\n\n[cut: 400000 bytes")


async def test_a_slow_tool_keeps_only_its_own_caller_waiting(standing: ToolServer) -> None:
    servers = adapter(patience=Patience(call=1.5))
    async with servers.connect(standing) as connection:
        slow = asyncio.create_task(connection.call("slow", {"seconds": 20}))
        assert await connection.call("add", {"a": 1, "b": 2}) == ToolResult("3")
        with pytest.raises(Unavailable, match="did not answer within"):
            await slow


async def test_calls_at_once_on_one_connection_get_their_own_answers(standing: ToolServer) -> None:
    async with adapter(patience=Patience()).connect(standing) as connection:
        answers = await asyncio.gather(
            *(connection.call("add", {"a": each, "b": 1000}) for each in range(20))
        )
    assert [answer.text for answer in answers] == [str(each + 1000) for each in range(20)]


@pytest.mark.parametrize("transport", ["http", "sse"])
async def test_only_what_is_registered_arrives_as_headers(transport: str) -> None:
    secrets = MemorySecrets()
    reference = await secrets.put("k", "Bearer the-servers-own-key")
    with tool_server(transport) as url:
        server = server_at(
            url, transport, headers={"X-Team": "blue"}, credentials={"Authorization": reference}
        )
        async with adapter(secrets, Patience()).connect(server) as connection:
            arrived = json.loads((await connection.call("headers", {})).text)
    assert arrived["authorization"] == "Bearer the-servers-own-key"
    assert arrived["x-team"] == "blue"


async def test_a_secret_that_is_gone_says_so() -> None:
    with tool_server() as url:
        server = server_at(url, credentials={"Authorization": "env:NOT_THERE"})
        assert isinstance(await failure(server), Unavailable)


@pytest.mark.parametrize("transport", ["http", "sse"])
async def test_a_dead_server_says_so(transport: str) -> None:
    gone = await failure(server_at("http://127.0.0.1:9/mcp", transport))
    assert (type(gone), "nothing listens" in gone.message) == (Unavailable, True)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/mcp", "http://localhost:9/mcp", "http://[::1]:9/mcp"]
)
@pytest.mark.parametrize("transport", ["http", "sse"])
async def test_nobody_but_an_administrator_names_private_addresses(
    url: str, transport: str
) -> None:
    refused = await failure(server_at(url, transport, by_admin=False))
    assert (type(refused), refused.precise_code) == (Forbidden, "address_refused")


@pytest.mark.parametrize(
    "host", ["169.254.169.254", "[::ffff:169.254.169.254]", "0xa9fea9fe", "169.254.170.2"]
)
@pytest.mark.parametrize("by_admin", [True, False])
async def test_nobody_names_where_machines_get_credentials(host: str, *, by_admin: bool) -> None:
    refused = await failure(server_at(f"http://{host}/mcp", by_admin=by_admin))
    assert (type(refused), refused.precise_code) == (Forbidden, "address_refused")


async def test_programs_are_started_only_where_that_is_allowed() -> None:
    program = server_at("", "stdio", command=PROGRAM)
    nowhere = McpToolServers(MemorySecrets())
    assert (await failure(program, nowhere)).precise_code == "stdio_not_here"
    mine = program.model_copy(update={"by_admin": False})
    assert (await failure(mine)).precise_code == "stdio_not_here"


async def test_a_command_that_does_not_exist_says_so() -> None:
    server = server_at("", "stdio", command=("/no/such/program",))
    assert "is not there" in (await failure(server)).message


def _to(where: str, status: int) -> Callable[[Asked], Answer]:
    return lambda _: Answer(status, headers={"location": where})


@pytest.mark.parametrize("transport", ["http", "sse"])
@pytest.mark.parametrize("status", [302, 307, 308])
async def test_redirects_are_not_followed(transport: str, status: int) -> None:
    with model_server() as other, model_server(_to("/elsewhere", status)) as server:
        within = await failure(server_at(f"http://127.0.0.1:{server.port}/mcp", transport))
        assert {each.path for each in server.asked} == {"/mcp"}
        server.answering = _to(other.url, status)
        outside = await failure(server_at(f"http://127.0.0.1:{server.port}/mcp", transport))
        assert not other.asked
    assert isinstance(within, Unavailable)
    assert isinstance(outside, Unavailable)


LIES = {
    "empty": Answer(),
    "no JSON": Answer(body=b"{", headers={"content-type": "application/json"}),
    "a page": Answer(body=b"<html>", headers={"content-type": "text/html"}),
    "huge": Answer(body=b" " * 3_000_000, headers={"content-type": "application/json"}),
    "packed": Answer(
        body=b"\x1f\x8b", headers={"content-type": "application/json", "content-encoding": "gzip"}
    ),
    "another protocol": Answer(
        body=b'{"jsonrpc":"2.0","id":0,"result":[1,2]}',
        headers={"content-type": "application/json"},
    ),
    "a list": Answer(body=b"[[[]]]", headers={"content-type": "application/json"}),
    "refusing": Answer(401),
    "failing": Answer(500, b"oh no"),
    "an empty stream": Answer(headers={"content-type": "text/event-stream"}),
    "a broken stream": Answer(
        body=b"event: message\ndata: {\n\n", headers={"content-type": "text/event-stream"}
    ),
}


@pytest.mark.parametrize("transport", ["http", "sse"])
@pytest.mark.parametrize("lie", LIES)
async def test_a_lying_server_gives_a_clear_error(lie: str, transport: str) -> None:
    with model_server(lambda _: LIES[lie]) as server:
        told = await failure(server_at(f"http://127.0.0.1:{server.port}/mcp", transport))
    assert isinstance(told, Unavailable)
    assert told.message.startswith("the tool server Tools ")


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def talking(talk: Talk) -> AsyncIterator[str]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/mcp"
    finally:
        server.close()


async def _silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    del writer
    while await reader.read(65536):
        pass


async def _endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n")
    while True:
        writer.write(b": still here\n\n" * 1000)
        await writer.drain()
        await asyncio.sleep(0)


async def _dripping_headers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while not writer.is_closing():
        writer.write(b"x: y\r\n")
        await writer.drain()
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("transport", ["http", "sse"])
@pytest.mark.parametrize("talk", [_silent, _endless, _dripping_headers])
async def test_no_server_is_waited_for_without_end(transport: str, talk: Talk) -> None:
    async with talking(talk) as url:
        told = await asyncio.wait_for(failure(server_at(url, transport)), 20)
    assert isinstance(told, Unavailable)


async def test_a_server_that_dies_in_the_middle_ends_the_call() -> None:
    server = server_at("", "stdio", command=PROGRAM)
    async with adapter(patience=Patience()).connect(server) as connection:
        slow = asyncio.create_task(connection.call("slow", {}))
        await connection.call("add", {"a": 1, "b": 1})
        for each in psutil.Process().children(recursive=True):
            if "tests.standins.tool_server" in each.cmdline():
                each.kill()
        with pytest.raises(Unavailable):
            await slow


def _programs() -> set[int]:
    children = psutil.Process().children(recursive=True)
    return {each.pid for each in children if "tests.standins.tool_server" in each.cmdline()}


async def test_a_program_ends_with_its_connection() -> None:
    server = server_at("", "stdio", command=PROGRAM)
    async with adapter(patience=Patience()).connect(server) as connection:
        await connection.tools()
        assert _programs()
    assert not _programs()


async def test_a_program_ends_where_the_turn_is_cancelled() -> None:
    server = server_at("", "stdio", command=PROGRAM)
    listed = asyncio.Event()

    async def turn() -> None:
        async with adapter(patience=Patience()).connect(server) as connection:
            await connection.tools()
            listed.set()
            await connection.call("slow", {})

    running = asyncio.create_task(turn())
    await listed.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await _until(lambda: not _programs())


STARTS_ONE_AND_HANGS = """
import asyncio, sys
from tests.contract.test_tool_servers import adapter, server_at
from lisa.adapters.mcp.patience import Patience

async def main():
    stubborn = ("/bin/sh", "-c", "trap '' TERM; sleep 1000 & exec " + sys.argv[1])
    server = server_at("", "stdio", command=stubborn)
    async with adapter(patience=Patience()).connect(server) as connection:
        await connection.tools()
        print("ready", flush=True)
        await asyncio.sleep(1000)

asyncio.run(main())
"""


async def test_a_program_and_its_children_end_when_we_are_killed() -> None:
    program = " ".join(PROGRAM)
    ours = await asyncio.create_subprocess_exec(
        sys.executable, "-c", STARTS_ONE_AND_HANGS, program,
        stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert ours.stdout
    assert await ours.stdout.readline() == b"ready\n"
    children = psutil.Process(ours.pid).children(recursive=True)
    assert len(children) >= 2
    os.kill(ours.pid, signal.SIGKILL)
    await ours.wait()
    await _until(lambda: not any(_lives(each) for each in children))


def _lives(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


async def _until(come: Callable[[], bool]) -> None:
    async with asyncio.timeout(15):
        while not come():  # noqa: ASYNC110 - the operating system tells nobody
            await asyncio.sleep(0.05)
