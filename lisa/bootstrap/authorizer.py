"""Puts together the door that API Gateway asks before every call."""

from collections.abc import Mapping
from dataclasses import dataclass

from lisa.adapters.system.clock import SystemClock
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.authentication import authenticator, noting_people
from lisa.bootstrap.dynamodb import tables_of
from lisa.bootstrap.environment import read
from lisa.bootstrap.logs import show_logs
from lisa.declared.settings import AuthorizerSettings
from lisa.stores.audit import AuditStore
from lisa.stores.tokens import TokenStore
from lisa.usecases.audit import Audit, Refusals
from lisa.usecases.authenticate import Authenticate
from lisa.usecases.token_uses import LastUses


@dataclass(frozen=True)
class Gate:
    """Tells who calls, and records who was refused and when a token was used."""

    authenticate: Authenticate
    refusals: Refusals
    uses: LastUses


def build(environ: Mapping[str, str]) -> Gate:
    """Return what decides whether a call may pass."""
    settings = read(AuthorizerSettings, environ)
    show_logs(settings.log_level)
    tables, clock = tables_of(settings), SystemClock()
    uses = LastUses(TokenStore(tables), clock)
    authenticate = authenticator(tables, clock, settings, uses=uses)
    return Gate(
        noting_people(authenticate, tables, clock),
        Refusals(Audit(AuditStore(tables), clock, RandomIds())),
        uses,
    )
