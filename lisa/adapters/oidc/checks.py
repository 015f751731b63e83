"""What a signed token must say before we believe it: for whom, what for, and when."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from lisa.domain.errors import Unauthenticated
from lisa.domain.issuers import Issuer

LEEWAY_SECONDS: Final = 60
LAST_MOMENT: Final = 1e12
TYPES_OF_ACCESS: Final = ("at+jwt", "application/at+jwt")
TYPES_LEFT_OPEN: Final = ("", "jwt", "application/jwt")
ONLY_IN_ID_TOKENS: Final = frozenset({"nonce", "at_hash", "c_hash"})


def check_claims(
    issuer: Issuer, header: Mapping[str, Any], claims: Mapping[str, Any], now: datetime
) -> None:
    """Return if all of it holds, else say what does not: for the log, not for the caller."""
    if claims.get("iss") != issuer.issuer:
        raise Unauthenticated("another issuer")
    if not set(_audience(issuer, claims)) & set(issuer.audience):
        raise Unauthenticated("another audience")
    if not _is_access_token(issuer, header, claims):
        raise Unauthenticated("not an access token")
    _check_times(claims, now.timestamp())


def _audience(issuer: Issuer, claims: Mapping[str, Any]) -> list[str]:
    if issuer.kind == "cognito":
        return _audience_at_cognito(claims)
    given = claims.get("aud")
    listed = given if isinstance(given, list) else [given]
    return [each for each in listed if isinstance(each, str)]


def _audience_at_cognito(claims: Mapping[str, Any]) -> list[str]:
    """Return the client, and each server `S` of a scope `S/...`: only clients it was given to."""
    named = [claims.get(claim) for claim in ("client_id", "scope")]
    client, scope = [value if isinstance(value, str) else "" for value in named]
    servers = [each.rpartition("/")[0] for each in scope.split()]
    return [each for each in (client, *servers) if each]


def _is_access_token(issuer: Issuer, header: Mapping[str, Any], claims: Mapping[str, Any]) -> bool:
    """Cognito says what a token is for; others in the header (RFC 9068) or not at all."""
    use = claims.get("token_use")
    if issuer.kind == "cognito" or use is not None:
        return bool(use == "access")
    named = str(header.get("typ", "")).lower()
    if named not in TYPES_LEFT_OPEN:
        return named in TYPES_OF_ACCESS
    if "typ" in claims:  # Keycloak writes it here
        return bool(claims["typ"] == "Bearer")
    return not ONLY_IN_ID_TOKENS & claims.keys()


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    if now >= _moment(claims, "exp", 0) + LEEWAY_SECONDS:
        raise Unauthenticated("expired")
    if max(_moment(claims, "nbf", 0), _moment(claims, "iat", 0)) > now + LEEWAY_SECONDS:
        raise Unauthenticated("not valid yet")


def _moment(claims: Mapping[str, Any], name: str, otherwise: float) -> float:
    """Return a time; what is no sensible number would make comparisons lie."""
    given = claims.get(name, otherwise)
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise Unauthenticated(f"{name} is no number")
    if not 0 <= given < LAST_MOMENT:
        raise Unauthenticated(f"{name} is no time")
    return float(given)
