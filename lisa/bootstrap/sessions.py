"""Puts together the door of chat sessions on AWS."""

from collections.abc import Mapping

from starlette.types import ASGIApp

from lisa.bootstrap.authentication import authenticator
from lisa.bootstrap.aws import ports_of
from lisa.bootstrap.chat_routes import prompt_services, session_services
from lisa.bootstrap.environment import read
from lisa.bootstrap.every_door import refusals, switches_of
from lisa.bootstrap.logs import show_logs
from lisa.declared.entry_points import STAGE
from lisa.declared.settings import SessionsSettings
from lisa.http.planes.chat import PROMPTS, SESSIONS
from lisa.http.services import Services
from lisa.http.serving import serve


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
    return serve(services, SESSIONS + PROMPTS, root_path=f"/{STAGE}")
