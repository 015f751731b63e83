"""Calls tool servers from a process whose starts mostly serve somebody who calls none."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from lisa.adapters.mcp.patience import Patience
from lisa.domain.tool_server import ToolServer
from lisa.ports.secrets import Secrets
from lisa.ports.tool_servers import ToolConnection, ToolServers

BEHIND_API_GATEWAY: Final = Patience(connect=8, listing=12)  # it waits for 29 s
IN_A_TURN: Final = Patience()


@dataclass(frozen=True)
class ToolServersWhenAsked:
    """Imports the protocol's package at the first connection: it takes longer than all the rest.

    `programs` lets administrators have servers that are programs of this machine.
    """

    secrets: Secrets
    patience: Patience = IN_A_TURN
    programs: bool = False

    @asynccontextmanager
    async def connect(self, server: ToolServer) -> AsyncIterator[ToolConnection]:
        """Open a connection."""
        servers = await asyncio.to_thread(self._servers)
        async with servers.connect(server) as connection:
            yield connection

    def _servers(self) -> ToolServers:
        from lisa.bootstrap.tool_calls import tool_servers_of  # noqa: PLC0415 - see above

        return tool_servers_of(self.secrets, self.patience, programs=self.programs)
