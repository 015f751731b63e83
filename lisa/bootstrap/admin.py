"""Puts together the door of tokens, configuration, preferences, audit and usage on AWS."""

from collections.abc import Mapping

from starlette.types import ASGIApp

from lisa.adapters.system.clock import SystemClock
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.assembly import (
    audit,
    configuration_services,
    identity_services,
    last_uses,
    refusals,
    switches_of,
    usage_services,
)
from lisa.bootstrap.authentication import authenticator
from lisa.bootstrap.dynamodb import tables_of
from lisa.bootstrap.environment import read
from lisa.bootstrap.logs import show_logs
from lisa.bootstrap.ports import Ports
from lisa.declared.entry_points import STAGE
from lisa.declared.settings import AdminSettings
from lisa.http.app import create_app
from lisa.http.services import AuditServices, Services


def build(environ: Mapping[str, str]) -> ASGIApp:
    """Return the app that serves administration."""
    settings = read(AdminSettings, environ)
    show_logs(settings.log_level)
    ports = Ports(tables_of(settings), SystemClock(), RandomIds())
    switches = switches_of(ports)
    services = Services(
        authenticate=authenticator(ports.tables, ports.clock, settings, uses=last_uses(ports)),
        identity=identity_services(ports),
        configuration=configuration_services(ports, switches),
        audit=AuditServices(audit(ports)),
        usage=usage_services(ports),
        switches=switches,
        refusals=refusals(ports),
    )
    return create_app(services, root_path=f"/{STAGE}")
