"""Use cases on their ports: the same assembly for every door, whatever the adapters are."""

from dataclasses import dataclass

from lisa.bootstrap.authentication import authenticator
from lisa.http.services import IdentityServices, Services, SessionServices
from lisa.ports.blobs import Blobs
from lisa.ports.clock import Clock
from lisa.ports.ids import Ids
from lisa.ports.table import Tables
from lisa.stores.sessions.appends import Appends
from lisa.stores.sessions.contents import Contents
from lisa.stores.sessions.heads import Heads
from lisa.stores.sessions.items import Items
from lisa.stores.sign_ins import SignInStore
from lisa.stores.tokens import TokenStore
from lisa.usecases.files import Files
from lisa.usecases.history import History
from lisa.usecases.identity import SignIn, TokenUses
from lisa.usecases.sessions import Sessions
from lisa.usecases.sweep import Sweep


@dataclass(frozen=True)
class Ports:
    """The adapters a door has chosen."""

    tables: Tables
    blobs: Blobs
    clock: Clock
    ids: Ids


def assemble(ports: Ports, origins: frozenset[str] = frozenset()) -> Services:
    """Return everything there is to serve; `origins` are our own pages."""
    return Services(
        authenticate=authenticator(ports.tables, ports.clock, origins),
        sessions=session_services(ports),
        identity=identity_services(ports),
    )


def session_services(ports: Ports) -> SessionServices:
    """Return what the routes of sessions call."""
    heads, items, contents = Heads(ports.tables), _items(ports), _contents(ports)
    appends = Appends(ports.tables, heads, items, contents, ports.clock, ports.ids)
    sessions = Sessions(heads, items, appends, ports.clock, ports.ids)
    files = Files(sessions, ports.blobs, ports.clock, ports.ids)
    return SessionServices(sessions, History(sessions), files)


def identity_services(ports: Ports) -> IdentityServices:
    """Return what the routes of tokens and sign-in call."""
    return IdentityServices(
        tokens=TokenUses(TokenStore(ports.tables), ports.clock, ports.ids),
        sign_in=SignIn(SignInStore(ports.tables), ports.clock, ports.ids),
    )


def sweeper(ports: Ports) -> Sweep:
    """Return what finishes removals."""
    return Sweep(Heads(ports.tables), _items(ports), ports.clock)


def _items(ports: Ports) -> Items:
    return Items(ports.tables, _contents(ports))


def _contents(ports: Ports) -> Contents:
    return Contents(ports.blobs, ports.ids)
