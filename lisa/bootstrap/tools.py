"""Puts together the door of tool servers on AWS."""

from collections.abc import Mapping

from starlette.types import ASGIApp

from lisa.adapters.aws_secrets.store import SecretsManagerStore, make_client
from lisa.adapters.system.clock import SystemClock
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.authentication import authenticator
from lisa.bootstrap.dynamodb import tables_of
from lisa.bootstrap.environment import read
from lisa.bootstrap.every_door import refusals, switches_of
from lisa.bootstrap.logs import show_logs
from lisa.bootstrap.ports import Ports
from lisa.bootstrap.secrets import secrets_of
from lisa.bootstrap.tool_calls_when_asked import BEHIND_API_GATEWAY, ToolServersWhenAsked
from lisa.bootstrap.tool_routes import ToolPorts, tool_server_services
from lisa.declared.entry_points import STAGE
from lisa.declared.settings import ToolsSettings
from lisa.http.planes.tools import TOOL_SERVERS
from lisa.http.services import Services
from lisa.http.serving import serve


def build(environ: Mapping[str, str]) -> ASGIApp:
    """Return the app that serves tool servers."""
    settings = read(ToolsSettings, environ)
    show_logs(settings.log_level)
    ports = Ports(tables_of(settings), SystemClock(), RandomIds())
    own = ToolPorts(
        SecretsManagerStore(make_client(), settings.secrets_prefix, settings.secrets_key),
        ToolServersWhenAsked(secrets_of(environ), BEHIND_API_GATEWAY),
    )
    services = Services(
        authenticate=authenticator(ports.tables, ports.clock, settings),
        tool_servers=tool_server_services(ports, own),
        switches=switches_of(ports),
        refusals=refusals(ports),
    )
    return serve(services, TOOL_SERVERS, root_path=f"/{STAGE}")
