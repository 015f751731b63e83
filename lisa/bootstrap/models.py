"""Puts together the door of models on AWS."""

from collections.abc import Mapping

from starlette.types import ASGIApp

from lisa.adapters.aws_secrets.store import SecretsManagerStore, make_client
from lisa.adapters.ec2.instance_types import SdkInstanceTypes
from lisa.adapters.probe.prober import HttpProber
from lisa.adapters.stepfunctions.runs import StepFunctionsWorkflows
from lisa.adapters.stepfunctions.runs import make_client as make_runs_client
from lisa.adapters.system.clock import SystemClock
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.authentication import authenticator
from lisa.bootstrap.dynamodb import tables_of
from lisa.bootstrap.environment import read
from lisa.bootstrap.every_door import refusals
from lisa.bootstrap.logs import show_logs
from lisa.bootstrap.model_routes import ModelPorts, model_services
from lisa.bootstrap.model_stacks import hosts_on_aws
from lisa.bootstrap.ports import Ports
from lisa.bootstrap.secrets import secrets_of
from lisa.declared.entry_points import STAGE
from lisa.declared.settings import ModelsSettings
from lisa.http.planes.models import MODELS
from lisa.http.services import Services
from lisa.http.serving import serve


def build(environ: Mapping[str, str]) -> ASGIApp:
    """Return the app that serves models."""
    settings = read(ModelsSettings, environ)
    show_logs(settings.log_level)
    ports = Ports(tables_of(settings), SystemClock(), RandomIds())
    own = ModelPorts(
        SecretsManagerStore(make_client(), settings.secrets_prefix, settings.secrets_key),
        HttpProber(secrets_of(environ)),
        SdkInstanceTypes(),
        hosts_on_aws(settings.site, ports.tables),
        StepFunctionsWorkflows(make_runs_client(), settings.machines)
        if settings.machines
        else None,
        settings.has_litellm,
    )
    services = Services(
        authenticate=authenticator(ports.tables, ports.clock, settings),
        models=model_services(ports, own),
        refusals=refusals(ports),
    )
    return serve(services, MODELS, root_path=f"/{STAGE}")
