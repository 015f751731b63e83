"""The one authenticator, for every door."""

from lisa.adapters.oidc.access_tokens import OidcAccessTokens
from lisa.declared.settings import IdentitySettings
from lisa.domain.claims import Admission, RoleGroups
from lisa.ports.clock import Clock
from lisa.ports.table import Tables
from lisa.stores.sign_ins import SignInStore
from lisa.stores.tokens import TokenStore
from lisa.usecases.authenticate import Authenticate
from lisa.usecases.recent_tokens import RecentTokens
from lisa.usecases.token_uses import Uses


def authenticator(
    tables: Tables,
    clock: Clock,
    identity: IdentitySettings,
    origins: frozenset[str] = frozenset(),
    uses: Uses | None = None,
) -> Authenticate:
    """Return what every door asks who is calling; `origins` are our own pages."""
    return Authenticate(
        tokens=RecentTokens(TokenStore(tables), clock),
        sign_ins=SignInStore(tables),
        access_tokens=OidcAccessTokens(identity.issuers, clock),
        admission=admission(identity),
        clock=clock,
        origins=origins,
        uses=uses,
    )


def admission(identity: IdentitySettings) -> Admission:
    """Return what turns the claims of a token into a principal."""
    roles = RoleGroups(
        admin=identity.admin_group,
        rag_admin=identity.rag_admin_group,
        user=identity.user_group,
        api=identity.api_group,
    )
    return Admission(roles, frozenset(issuer.prefix for issuer in identity.issuers))
