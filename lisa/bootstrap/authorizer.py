"""Puts together the door that API Gateway asks before every call."""

from collections.abc import Mapping

from lisa.adapters.system.clock import SystemClock
from lisa.bootstrap.authentication import authenticator
from lisa.bootstrap.dynamodb import tables_of
from lisa.bootstrap.environment import read
from lisa.bootstrap.logs import show_logs
from lisa.declared.settings import AuthorizerSettings
from lisa.usecases.authenticate import Authenticate


def build(environ: Mapping[str, str]) -> Authenticate:
    """Return what tells who calls."""
    settings = read(AuthorizerSettings, environ)
    show_logs(settings.log_level)
    return authenticator(tables_of(settings), SystemClock(), settings)
