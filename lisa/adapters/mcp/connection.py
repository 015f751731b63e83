"""A connection to one tool server, kept by a task of its own.

The protocol's client must be left by the task that entered it, and takes down with it whoever waits
inside. So nobody does: callers ask from outside, and wait for an answer or for the task's end.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import mcp_types as wire
from mcp import Client, MCPError
from pydantic import JsonValue, ValidationError

from lisa.adapters.mcp.causes import failure_of, timed_out
from lisa.adapters.mcp.patience import Patience
from lisa.adapters.mcp.results import MOST_TOOLS, as_result, as_tools
from lisa.ports.tool_servers import Tool, ToolResult

MOST_PAGES: Final = 20
CONNECTION_ENDED: Final = frozenset({wire.CONNECTION_CLOSED, wire.REQUEST_TIMEOUT})
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Connection:
    """What can be asked while the connection is held."""

    name: str
    client: Client
    holder: "asyncio.Task[None]"
    patience: Patience

    async def tools(self) -> list[Tool]:
        """List its tools."""
        return as_tools(await self._within(self.patience.listing, self._listed()))

    async def call(self, name: str, arguments: dict[str, JsonValue]) -> ToolResult:
        """Call one; the server's own refusal is a result."""
        params = wire.CallToolRequestParams(name=name, arguments=arguments)
        asked = wire.CallToolRequest(params=params)
        try:
            # Not by `call_tool`: it would check the answer against patterns the server chose.
            sent = self.client.session.send_request(asked, wire.CallToolResult)
            return as_result(await self._within(self.patience.call, sent))
        except MCPError as refusal:
            if refusal.code in CONNECTION_ENDED:
                raise failure_of(refusal, self.name) from refusal
            return ToolResult(refusal.message, is_error=True)

    async def _listed(self) -> list[wire.Tool]:
        tools: list[wire.Tool] = []
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            params = wire.PaginatedRequestParams(cursor=cursor)
            page = await self.client.session.list_tools(params=params)
            tools += page.tools
            cursor = page.next_cursor
            if not cursor or len(tools) >= MOST_TOOLS:
                break
        return tools

    async def _within(self, seconds: float, asked: Coroutine[Any, Any, Answer]) -> Answer:
        """Wait for the answer, its time to be over or the connection to end."""
        asking = asyncio.create_task(asked)
        try:
            await asyncio.wait(
                {asking, self.holder}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
            )
            if asking.done():
                return asking.result()
        except (ValidationError, RuntimeError) as error:
            raise failure_of(error, self.name) from error
        finally:
            asking.cancel()
        if self.holder.done():
            raise failure_of(_end_of(self.holder), self.name)
        raise timed_out(self.name, seconds)


@asynccontextmanager
async def held(
    client: Client, name: str, patience: Patience, *, is_program: bool
) -> AsyncIterator[Connection]:
    """Connect, and hang up at the end, even where whoever waits for that is told to stop."""
    ready, leave = asyncio.Event(), asyncio.Event()
    holder = asyncio.create_task(_hold(client, ready, leave))
    entered = asyncio.create_task(ready.wait())
    try:
        await asyncio.wait(
            {entered, holder}, timeout=patience.connect, return_when=asyncio.FIRST_COMPLETED
        )
        if holder.done():
            raise failure_of(_end_of(holder), name)
        if not ready.is_set():
            raise timed_out(name, patience.connect)
        yield Connection(name, client, holder, patience)
    finally:
        entered.cancel()
        leave.set()
        if not ready.is_set():
            holder.cancel()
        seconds = patience.end if is_program else patience.close
        await asyncio.shield(asyncio.create_task(_ended(holder, seconds)))


async def _hold(client: Client, ready: asyncio.Event, leave: asyncio.Event) -> None:
    async with client:
        ready.set()
        await leave.wait()


async def _ended(holder: "asyncio.Task[None]", seconds: float) -> None:
    """Wait until it has ended, and end it where that takes too long."""
    await asyncio.wait({holder}, timeout=seconds)
    holder.cancel()
    await asyncio.wait({holder}, timeout=seconds)
    _end_of(holder)


def _end_of(holder: "asyncio.Task[None]") -> BaseException | None:
    """Return what it ended with, which nobody else asks for."""
    return None if not holder.done() or holder.cancelled() else holder.exception()
