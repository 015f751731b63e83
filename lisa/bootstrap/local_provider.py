"""The built-in identity provider, which only the local profile has: whether it runs, and of what.

Its accounts are subjects without a prefix, so it stands beside other issuers only if each of those
has a prefix: else two people could have one name.
"""

import logging
from pathlib import Path

from lisa.adapters.oidc.signing import KeptKey
from lisa.bootstrap.every_door import audit, refusals
from lisa.bootstrap.local_addresses import own_address, own_origins, public_address
from lisa.bootstrap.ports import Ports
from lisa.declared.home import PROVIDER_KEY
from lisa.declared.settings import LocalSettings
from lisa.domain.errors import Invalid
from lisa.domain.issuers import Issuer, SignIn, all_distinct, is_safe_url
from lisa.domain.provider.client import AUDIENCE, CLIENT_ID, PATH, SCOPES, OwnClient
from lisa.http.provider.services import ProviderServices
from lisa.ports.passwords import Passwords
from lisa.stores.accounts import AccountStore
from lisa.stores.provider.attempts import AttemptStore
from lisa.stores.provider.grants import GrantStore
from lisa.stores.provider.sign_ins import ProviderSignIns
from lisa.usecases.provider.attempts import Guesses
from lisa.usecases.provider.authorize import Authorize
from lisa.usecases.provider.forms import Forms
from lisa.usecases.provider.sign_in import PasswordSignIn
from lisa.usecases.provider.sign_out import ProviderSignOut
from lisa.usecases.provider.tokens import ProviderTokens

log = logging.getLogger("lisa.identity")


def own_client(settings: LocalSettings) -> OwnClient | None:
    """Return the provider's one client, or nothing where the provider doesn't run."""
    on_loopback = is_safe_url(f"http://{settings.host}")
    if settings.provider == "off":
        return None
    if settings.provider == "auto" and (settings.issuers or not on_loopback):
        log.info("the built-in identity provider doesn't run: LISA_PROVIDER is auto")
        return None
    if not all(issuer.prefix for issuer in settings.issuers):
        raise Invalid(
            "the built-in identity provider would give its people the names of another issuer's",
            next_step="give each of LISA_ISSUERS a prefix, or set LISA_PROVIDER=off",
            code="bad_setting",
        )
    if not on_loopback and not settings.public_url:
        log.warning("passwords cross the network unencrypted: set LISA_PUBLIC_URL to https://...")
    return OwnClient(public_address(settings) + PATH, own_origins(settings))


def trusting(settings: LocalSettings, client: OwnClient | None) -> LocalSettings:
    """Return the settings with the provider among the issuers whose tokens count."""
    if client is None:
        return settings
    own = Issuer(
        issuer=client.issuer,
        audience=(AUDIENCE,),
        jwks_url="http://127.0.0.1",
        algorithms=("ES256",),
    )
    # Not checked like a stranger's: what our own address answers never leaves this machine.
    own = own.model_copy(update={"jwks_url": f"{own_address(settings)}{PATH}/jwks"})
    try:
        issuers = all_distinct((*settings.issuers, own))
    except ValueError as error:
        raise Invalid(
            "one of LISA_ISSUERS is the built-in identity provider itself",
            next_step="remove it: the provider is trusted where it runs",
            code="bad_setting",
        ) from error
    return settings.model_copy(update={"issuers": issuers})


def sign_in_settings(settings: LocalSettings, client: OwnClient | None) -> dict[str, object] | None:
    """Return where pages send people to sign in, as `config.json` says it."""
    if settings.sign_in:
        return _as_pages_read_it(settings.sign_in)
    if client is None:
        return None
    return {
        "authority": client.issuer,
        "clientId": CLIENT_ID,
        "scope": " ".join(SCOPES),
        "parameters": {},
    }


async def provider_services(
    client: OwnClient, ports: Ports, passwords: Passwords, home: Path
) -> ProviderServices:
    """Put the provider together; its key is made at the first start."""
    signing = KeptKey(home / PROVIDER_KEY)
    tables, clock, ids = ports.tables, ports.clock, ports.ids
    accounts, grants = AccountStore(tables), GrantStore(tables)
    sign_ins, refused = ProviderSignIns(tables), refusals(ports)
    return ProviderServices(
        client=client,
        signing=signing,
        authorize=Authorize(accounts, sign_ins, grants, clock, ids),
        sign_in=PasswordSignIn(
            accounts=accounts,
            passwords=passwords,
            decoy=await passwords.kept(ids.secret()),
            guesses=Guesses(AttemptStore(tables), clock),
            sign_ins=sign_ins,
            audit=audit(ports),
            refusals=refused,
            clock=clock,
            ids=ids,
        ),
        sign_out=ProviderSignOut(client, sign_ins, grants, signing),
        tokens=ProviderTokens(client.issuer, accounts, grants, signing, refused, clock, ids),
        forms=Forms(sign_ins, signing, clock, ids),
        refusals=refused,
    )


def _as_pages_read_it(sign_in: SignIn) -> dict[str, object]:
    return {
        "authority": sign_in.authority,
        "clientId": sign_in.client_id,
        "scope": sign_in.scope,
        "parameters": sign_in.parameters,
    }
