"""Puts together what calls tool servers."""

import logging

from lisa.adapters.mcp.patience import Patience
from lisa.adapters.mcp.servers import McpToolServers
from lisa.ports.secrets import Secrets


def tool_servers_of(secrets: Secrets, patience: Patience, *, programs: bool) -> McpToolServers:
    """Return it.

    What a server does wrong is told to whoever called it. The protocol's own package would also
    write whatever such a server sends into our log.
    """
    for name in ("mcp", "client"):  # its sessions log as `client`
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return McpToolServers(secrets, programs=programs, patience=patience)
