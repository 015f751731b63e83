"""What the tokens of the built-in identity provider say."""

from datetime import datetime
from typing import Final

from pydantic import JsonValue

from lisa.domain.accounts import Account
from lisa.domain.provider.client import AUDIENCE
from lisa.domain.provider.grants import ACCESS_LIFE, Grant

ACCESS_TYPE: Final = "at+jwt"
ID_TYPE: Final = "JWT"

Said = dict[str, JsonValue]


def access_claims(issuer: str, grant: Grant, account: Account, now: datetime, jti: str) -> Said:
    """Return what an access token says (RFC 9068); groups are those of this moment."""
    return {
        **_in_common(issuer, grant, account, now),
        "aud": AUDIENCE,
        "client_id": grant.client_id,
        "jti": jti,
        "scope": " ".join(grant.scopes),
        "groups": [*sorted(account.groups)],
    }


def id_claims(issuer: str, grant: Grant, account: Account, now: datetime, nonce: str) -> Said:
    """Return what an ID token says; one that comes with a refresh has no nonce."""
    about = _in_common(issuer, grant, account, now) | {"aud": grant.client_id}
    return about | ({"nonce": nonce} if nonce else {})


def person_claims(account: Account, scopes: list[str]) -> Said:
    """Return what is told about a person."""
    profile: Said = {"preferred_username": account.name, "name": account.name}
    about: Said = {"sub": account.name, "groups": [*sorted(account.groups)]}
    return about | (profile if "profile" in scopes else {})


def _in_common(issuer: str, grant: Grant, account: Account, now: datetime) -> Said:
    return {
        "iss": issuer,
        "sub": account.name,
        "iat": int(now.timestamp()),
        "exp": int((now + ACCESS_LIFE).timestamp()),
        "auth_time": int(grant.signed_in.at.timestamp()),
    }
