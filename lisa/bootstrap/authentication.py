"""The one authenticator, for every door."""

from lisa.ports.clock import Clock
from lisa.ports.table import Tables
from lisa.stores.sign_ins import SignInStore
from lisa.stores.tokens import TokenStore
from lisa.usecases.authenticate import Authenticate


def authenticator(
    tables: Tables, clock: Clock, origins: frozenset[str] = frozenset()
) -> Authenticate:
    """Return what every door asks who is calling; `origins` are our own pages."""
    return Authenticate(TokenStore(tables), SignInStore(tables), clock, origins)
