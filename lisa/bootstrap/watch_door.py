"""Puts together the scheduled door that looks after models that we run."""

from collections.abc import Mapping

from lisa.adapters.stepfunctions.runs import StepFunctionsWorkflows, make_client
from lisa.adapters.system.clock import SystemClock
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.dynamodb import tables_of
from lisa.bootstrap.environment import read
from lisa.bootstrap.hosting import watching_of
from lisa.bootstrap.logs import show_logs
from lisa.bootstrap.model_stacks import hosts_on_aws
from lisa.bootstrap.ports import Ports
from lisa.declared.settings import WatchSettings
from lisa.usecases.lifecycle.watching import Watching


def build(environ: Mapping[str, str]) -> Watching:
    """Return what is run on a schedule."""
    settings = read(WatchSettings, environ)
    show_logs(settings.log_level)
    ports = Ports(tables_of(settings), SystemClock(), RandomIds())
    runs = StepFunctionsWorkflows(make_client(), settings.machines)
    return watching_of(ports, hosts_on_aws(settings.site, ports.tables), runs)
