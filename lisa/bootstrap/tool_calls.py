"""Puts together what calls tool servers."""

import logging
from typing import Final

from lisa.adapters.mcp.patience import Patience
from lisa.adapters.mcp.servers import McpToolServers
from lisa.ports.secrets import Secrets

IN_A_TURN: Final = Patience()


def tool_servers_of(
    secrets: Secrets, patience: Patience = IN_A_TURN, *, programs: bool = False
) -> McpToolServers:
    """Return it; `programs` lets administrators have servers that are programs of this machine.

    What a server does wrong is told to whoever called it. The protocol's own package would also
    write whatever such a server sends into our log.
    """
    for name in ("mcp", "client"):  # its sessions log as `client`
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return McpToolServers(secrets, programs=programs, patience=patience)
