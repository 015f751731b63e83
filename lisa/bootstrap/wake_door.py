"""Puts together the door by which gateways wake models."""

from collections.abc import Mapping

from lisa.adapters.stepfunctions.runs import StepFunctionsWorkflows, make_client
from lisa.adapters.system.clock import SystemClock
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.dynamodb import tables_of
from lisa.bootstrap.environment import read
from lisa.bootstrap.hosting import lifecycle_of
from lisa.bootstrap.logs import show_logs
from lisa.bootstrap.ports import Ports
from lisa.declared.settings import WakeSettings
from lisa.usecases.lifecycle.orders import Lifecycle


def build(environ: Mapping[str, str]) -> Lifecycle:
    """Return what wakes models."""
    settings = read(WakeSettings, environ)
    show_logs(settings.log_level)
    ports = Ports(tables_of(settings), SystemClock(), RandomIds())
    return lifecycle_of(ports, {}, StepFunctionsWorkflows(make_client(), settings.machines))
