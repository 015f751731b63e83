"""The port of tool servers: list their tools and call one, over the Model Context Protocol."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol

from pydantic import JsonValue

from lisa.domain.tool_server import ToolServer


@dataclass(frozen=True)
class Tool:
    """One tool as its server describes it."""

    name: str
    description: str = ""
    input_schema: dict[str, JsonValue] = field(default_factory=dict)
    annotations: dict[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True)
class ToolResult:
    """What a call gave: text for the model, or why there is none."""

    text: str
    is_error: bool = False


class ToolConnection(Protocol):
    """An open connection to one server."""

    async def tools(self) -> list[Tool]:
        """List its tools."""

    async def call(self, name: str, arguments: dict[str, JsonValue]) -> ToolResult:
        """Call one; raises `Unavailable` where the server can't answer in time."""


class ToolServers(Protocol):
    """Connects to tool servers."""

    def connect(self, server: ToolServer) -> AbstractAsyncContextManager[ToolConnection]:
        """Open a connection; raises `Unavailable` with the cause, `Forbidden` for an address
        that the server's owner may not name.
        """
