"""Puts together the door of chat sessions on AWS."""

from collections.abc import Mapping

from starlette.types import ASGIApp

from lisa.bootstrap.assembly import prompt_services, refusals, session_services, switches_of
from lisa.bootstrap.authentication import authenticator
from lisa.bootstrap.aws import ports_of
from lisa.bootstrap.environment import read
from lisa.bootstrap.logs import show_logs
from lisa.declared.entry_points import STAGE
from lisa.declared.settings import SessionsSettings
from lisa.http.app import create_app
from lisa.http.services import Services


def build(environ: Mapping[str, str]) -> ASGIApp:
    """Return the app that serves sessions."""
    settings = read(SessionsSettings, environ)
    show_logs(settings.log_level)
    ports = ports_of(settings)
    switches = switches_of(ports)
    services = Services(
        authenticate=authenticator(ports.tables, ports.clock, settings),
        sessions=session_services(ports, switches),
        prompts=prompt_services(ports),
        switches=switches,
        refusals=refusals(ports),
    )
    return create_app(services, root_path=f"/{STAGE}")
