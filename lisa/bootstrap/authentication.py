"""The one authenticator, for every door."""

from dataclasses import replace
from datetime import timedelta

from lisa.adapters.oidc.access_tokens import OidcAccessTokens
from lisa.declared.settings import IdentitySettings
from lisa.domain.claims import Admission, RoleGroups
from lisa.ports.clock import Clock
from lisa.ports.table import Tables
from lisa.stores.people import PeopleStore
from lisa.stores.sign_ins import SignInStore
from lisa.stores.tokens import TokenStore
from lisa.usecases.authenticate import Authenticate
from lisa.usecases.passes import PassReader
from lisa.usecases.people import KnownPeople, LastSeen
from lisa.usecases.recent_tokens import RecentTokens
from lisa.usecases.token_uses import Uses


def authenticator(
    tables: Tables,
    clock: Clock,
    identity: IdentitySettings,
    origins: frozenset[str] = frozenset(),
    uses: Uses | None = None,
) -> Authenticate:
    """Return what every door asks who is calling; `origins` are our own pages.

    Without any, nobody signs in by a cookie, and none is looked up.
    """
    allowed = admission(identity)
    return Authenticate(
        tokens=RecentTokens(TokenStore(tables), clock),
        sign_ins=SignInStore(tables) if origins else None,
        access_tokens=OidcAccessTokens(identity.issuers, clock),
        admission=allowed,
        clock=clock,
        origins=origins,
        uses=uses,
        people=known_people(tables, clock, identity, allowed.roles),
    )


def noting_people(
    authenticate: Authenticate, tables: Tables, clock: Clock, *, asks_always: bool = False
) -> Authenticate:
    """Let it write down what issuers say of people: for the one door that sees every call."""
    last_seen = LastSeen(PeopleStore(tables), clock)
    return replace(authenticate, last_seen=last_seen, asks_always=asks_always)


def accepting_passes(authenticate: Authenticate, secret: bytes, clock: Clock) -> Authenticate:
    """Let our own processes call for somebody: for gateways only, which let passes do no more."""
    return replace(authenticate, passes=PassReader((secret,), clock))


def known_people(
    tables: Tables, clock: Clock, identity: IdentitySettings, roles: RoleGroups
) -> KnownPeople:
    """Return what tells what is known of a person."""
    days = identity.forget_people_days
    forget_after = timedelta(days=days) if days else None
    return KnownPeople(PeopleStore(tables), roles, clock, forget_after)


def admission(identity: IdentitySettings) -> Admission:
    """Return what turns the claims of a token into a principal."""
    roles = RoleGroups(
        admin=identity.admin_group,
        rag_admin=identity.rag_admin_group,
        user=identity.user_group,
        api=identity.api_group,
    )
    return Admission(roles, frozenset(issuer.prefix for issuer in identity.issuers))
