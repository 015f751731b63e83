"""Puts together the door of tokens, configuration, preferences, audit and usage on AWS."""

from collections.abc import Mapping
from typing import Any

from starlette.types import ASGIApp

from lisa.adapters.system.clock import SystemClock
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.administration_routes import (
    configuration_services,
    identity_services,
    usage_services,
)
from lisa.bootstrap.authentication import authenticator
from lisa.bootstrap.dynamodb import tables_of
from lisa.bootstrap.environment import read
from lisa.bootstrap.every_door import audit, last_uses, refusals, switches_of
from lisa.bootstrap.logs import show_logs
from lisa.bootstrap.ports import Ports
from lisa.declared.entry_points import STAGE
from lisa.declared.settings import AdminSettings
from lisa.http.planes.administration import AUDIT, CONFIGURATION, IDENTITY, USAGE
from lisa.http.services import AuditServices, Services
from lisa.http.serving import serve


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
    return serve(
        services,
        IDENTITY + CONFIGURATION + AUDIT + USAGE,
        root_path=f"/{STAGE}",
        description=whole_description,
    )


def whole_description(accounts: bool) -> dict[str, Any]:  # noqa: FBT001 - as it is called
    """Describe the whole API, this door's part of it and all others."""
    from lisa.http.app import description  # noqa: PLC0415 - all routes: seconds, asked for rarely

    return description(accounts)
