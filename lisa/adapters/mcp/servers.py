"""Connects to tool servers over the Model Context Protocol, by the protocol's own client."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Any, Final

import httpx2
from mcp import Client, StdioServerParameters, stdio_client
from mcp.client import Transport
from mcp.client.sse import sse_client
from mcp.client.streamable_http import streamable_http_client

from lisa.adapters.mcp.causes import unavailable
from lisa.adapters.mcp.connection import Connection, held
from lisa.adapters.mcp.guarded_http import guarded_client
from lisa.adapters.mcp.patience import Patience
from lisa.domain.errors import Forbidden
from lisa.domain.tool_server import ToolServer
from lisa.ports.secrets import Secrets
from lisa.ports.tool_servers import ToolConnection

LEASH: Final = Path(__file__).with_name("leash.py")
PATIENT: Final = Patience()
SILENCE: Final = 300.0  # for which a server that only speaks when asked may be silent


@dataclass(frozen=True)
class McpToolServers:
    """Opens connections; programs of this machine are started only where `programs` says so."""

    secrets: Secrets
    programs: bool = False
    patience: Patience = PATIENT

    def connect(self, server: ToolServer) -> AbstractAsyncContextManager[ToolConnection]:
        """Open a connection; raises `Unavailable` with the cause, `Forbidden` for its address."""
        return self._connected(server)

    @asynccontextmanager
    async def _connected(self, server: ToolServer) -> AsyncIterator[Connection]:
        transport = await self._transport(server)
        client = Client(transport, cache=None)
        is_program = server.transport == "stdio"
        holding = held(client, server.name, self.patience, is_program=is_program)
        async with holding as connection:
            yield connection

    async def _transport(self, server: ToolServer) -> Transport:
        if server.transport == "stdio":
            return self._program(server)
        http = self._http(server, await self._headers(server))
        if server.transport == "http":
            return _streamable(server.url, http)

        def ours(*_: object, **__: object) -> httpx2.AsyncClient:
            return http

        return sse_client(server.url, httpx_client_factory=ours)

    async def _headers(self, server: ToolServer) -> dict[str, str]:
        """Return what a call bears: nothing of whoever makes it."""
        found = {
            name: await self.secrets.resolve(each) for name, each in server.credentials.items()
        }
        return {**server.headers, **found}

    def _http(self, server: ToolServer, headers: dict[str, str]) -> httpx2.AsyncClient:
        timeout = httpx2.Timeout(self.patience.connect, read=SILENCE)
        return guarded_client(headers, timeout, vouched_for=server.by_admin)

    def _program(self, server: ToolServer) -> Transport:
        if not self.programs or not server.by_admin:
            raise Forbidden(
                "tool servers that are programs are started on a machine of one's own only",
                next_step="run it as a server of its own and add its address",
                code="stdio_not_here",
            )
        if not server.command or not which(server.command[0]):
            raise unavailable(server.name, "has a command that is not there")
        command = ["-I", "-S", str(LEASH), str(os.getpid()), *server.command]
        return stdio_client(StdioServerParameters(command=sys.executable, args=command))


@asynccontextmanager
async def _streamable(url: str, http: httpx2.AsyncClient) -> AsyncIterator[Any]:
    async with http, streamable_http_client(url, http_client=http) as streams:
        yield streams
