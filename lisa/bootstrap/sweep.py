"""Puts together the scheduled door that finishes removals."""

from collections.abc import Mapping

from lisa.bootstrap.aws import ports_of
from lisa.bootstrap.contents import sweeper
from lisa.bootstrap.environment import read
from lisa.bootstrap.logs import show_logs
from lisa.declared.settings import SweepSettings
from lisa.usecases.sweep import Sweep


def build(environ: Mapping[str, str]) -> Sweep:
    """Return what is run on a schedule."""
    settings = read(SweepSettings, environ)
    show_logs(settings.log_level)
    return sweeper(ports_of(settings))
