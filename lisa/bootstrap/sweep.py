"""Puts together the scheduled door that finishes removals."""

from collections.abc import Mapping

from lisa.bootstrap.assembly import sweeper
from lisa.bootstrap.aws import ports_of
from lisa.bootstrap.environment import read
from lisa.declared.settings import SweepSettings
from lisa.usecases.sweep import Sweep


def build(environ: Mapping[str, str]) -> Sweep:
    """Return what is run on a schedule."""
    return sweeper(ports_of(read(SweepSettings, environ)))
