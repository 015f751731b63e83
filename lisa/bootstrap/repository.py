"""Puts together the door of repositories, documents, search and evaluations on AWS."""

from collections.abc import Mapping

from starlette.types import ASGIApp

from lisa.adapters.s3.client import make_client
from lisa.adapters.s3.sources import S3Sources
from lisa.bootstrap.authentication import authenticator
from lisa.bootstrap.aws import ports_of
from lisa.bootstrap.bell_on_aws import ringing
from lisa.bootstrap.environment import read
from lisa.bootstrap.every_door import refusals, switches_of
from lisa.bootstrap.knowledge_on_aws import gateway_at, knowledge_on_aws, passes_of
from lisa.bootstrap.knowledge_routes import knowledge_services
from lisa.bootstrap.logs import show_logs
from lisa.bootstrap.secrets import secrets_of
from lisa.bootstrap.stores_on_aws import making_on_aws
from lisa.declared.entry_points import STAGE
from lisa.declared.knowledge_settings import RepositorySettings
from lisa.http.planes.knowledge import KNOWLEDGE
from lisa.http.services import Services
from lisa.http.serving import serve
from lisa.usecases.others_secrets import OthersSecrets


def build(environ: Mapping[str, str]) -> ASGIApp:
    """Return the app that serves knowledge."""
    settings = read(RepositorySettings, environ)
    show_logs(settings.log_level)
    secrets = secrets_of(environ)
    ports = ringing(ports_of(settings), settings.queue_work)
    own = knowledge_on_aws(
        ports,
        OthersSecrets(secrets, (settings.passes_secret,)),
        gateway_at(settings.gateway, secrets),
        passes_of(ports, secrets, settings.passes_secret),
        S3Sources(make_client(), settings.source_buckets),
        making_on_aws(settings.machines),
    )
    services = Services(
        authenticate=authenticator(ports.tables, ports.clock, settings),
        knowledge=knowledge_services(ports, own),
        switches=switches_of(ports),
        refusals=refusals(ports),
    )
    return serve(services, KNOWLEDGE, root_path=f"/{STAGE}")
