"""Puts together what the routes of tool servers, and the tools of turns, call."""

from dataclasses import dataclass

from lisa.bootstrap.every_door import audit
from lisa.bootstrap.ports import Ports
from lisa.http.services import ToolServerServices
from lisa.ports.secrets import SecretStore
from lisa.ports.tool_servers import ToolServers
from lisa.stores.tool_servers import ToolServerStore
from lisa.usecases.tool_servers import ManagedToolServers
from lisa.usecases.turns.toolbox import Toolbox


@dataclass(frozen=True)
class ToolPorts:
    """What a door that looks after tool servers needs beside its tables."""

    vault: SecretStore
    servers: ToolServers


def tool_server_services(ports: Ports, own: ToolPorts) -> ToolServerServices:
    """Return what the routes of tool servers call."""
    return ToolServerServices(
        ManagedToolServers(
            store=ToolServerStore(ports.tables),
            vault=own.vault,
            servers=own.servers,
            clock=ports.clock,
            ids=ports.ids,
            audit=audit(ports),
        )
    )


def toolbox(ports: Ports, servers: ToolServers) -> Toolbox:
    """Return the tools of turns."""
    return Toolbox(ToolServerStore(ports.tables), servers, audit(ports), ports.clock)
