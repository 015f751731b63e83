"""Puts together the door of chat sessions on AWS."""

from collections.abc import Mapping
from typing import Final

from starlette.types import ASGIApp

from lisa.bootstrap.assembly import authenticator, session_services
from lisa.bootstrap.aws import ports_of
from lisa.bootstrap.environment import read
from lisa.declared.settings import SessionsSettings
from lisa.http.app import create_app
from lisa.http.services import Services

STAGE: Final = "/api"


def build(environ: Mapping[str, str]) -> ASGIApp:
    """Return the app that serves sessions."""
    ports = ports_of(read(SessionsSettings, environ))
    services = Services(
        authenticate=authenticator(ports.tables, ports.clock),
        sessions=session_services(ports),
    )
    return create_app(services, root_path=STAGE)
