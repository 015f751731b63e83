"""Puts together the door that does the steps of models' workflows."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeAlias

from lisa.adapters.probe.prober import HttpProber
from lisa.adapters.s3.client import make_client
from lisa.adapters.s3.weights_reading import S3WeightsReader
from lisa.adapters.stepfunctions.tasks import Tasks
from lisa.adapters.system.clock import SystemClock
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.dynamodb import tables_of
from lisa.bootstrap.environment import read
from lisa.bootstrap.hosting import ground_of
from lisa.bootstrap.logs import show_logs
from lisa.bootstrap.model_stacks import hosts_on_aws
from lisa.bootstrap.ports import Ports
from lisa.bootstrap.secrets import secrets_of
from lisa.declared.settings import WorkflowsSettings
from lisa.usecases.lifecycle.steps import model_steps
from lisa.workflows.definition import State
from lisa.workflows.running import Attempts

Do: TypeAlias = Callable[[Mapping[str, Any]], Coroutine[Any, Any, State]]


def build(environ: Mapping[str, str]) -> Do:
    """Return what does a step when a state machine asks for it."""
    settings = read(WorkflowsSettings, environ)
    show_logs(settings.log_level)
    ports = Ports(tables_of(settings), SystemClock(), RandomIds())
    hosts = hosts_on_aws(settings.site, ports.tables)
    weights = S3WeightsReader(make_client())
    ground = ground_of(ports, hosts, HttpProber(secrets_of(environ)), weights)
    return Tasks(Attempts(model_steps(ground))).do
