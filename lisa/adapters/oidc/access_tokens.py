"""Verifies access tokens of the configured OIDC issuers, Amazon Cognito included."""

import base64
import json
import logging
from collections.abc import Iterable
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwa import JWSAlgModel
from joserfc.jwk import Key
from joserfc.jws import JWSRegistry

from lisa.adapters.oidc.checks import check_claims
from lisa.adapters.oidc.key_cache import KeyCache
from lisa.domain.claims import Claims, refused
from lisa.domain.errors import Unauthenticated
from lisa.domain.issuers import Issuer
from lisa.ports.clock import Clock

LONGEST_TOKEN: Final = 16 * 1024
NEVER_UNDERSTOOD: Final = frozenset({"crit", "b64"})  # they change what a signature covers

log = logging.getLogger("lisa.identity")


class OidcAccessTokens:
    """Believes tokens that one of these issuers signed for us.

    A key named or carried by the token itself (`jwk`, `jku`, `x5u`, `x5c`) is never looked at.
    """

    def __init__(self, issuers: Iterable[Issuer], clock: Clock) -> None:
        """Ask nobody for keys yet."""
        self._clock = clock
        self._issuers = {each.issuer: (each, KeyCache(each, clock)) for each in issuers}

    async def verify(self, token: str) -> Claims:
        """Return what the token says; every refusal reads the same, the log says why."""
        try:
            return await self._verify(token)
        except Unauthenticated as reason:
            log.info("access token refused: %s", reason.message)
            raise refused() from reason

    async def _verify(self, token: str) -> Claims:
        header, unverified = _unverified(token)
        named = unverified.get("iss")
        if not isinstance(named, str) or named not in self._issuers:
            raise Unauthenticated("an issuer we don't know")
        issuer, keys = self._issuers[named]
        algorithm, kid = _asked_for(header, issuer)
        key = await keys.find(kid, algorithm)
        if key is None:
            raise Unauthenticated("a key its issuer doesn't have")
        claims = _signed(token, key, algorithm)
        check_claims(issuer, header, claims, self._clock.now())
        return Claims(issuer, claims)


def _unverified(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read the parts of a token before anything of it is believed."""
    if len(token) > LONGEST_TOKEN:
        raise Unauthenticated("too long")
    parts = token.split(".")
    if len(parts) != 3 or not token.isascii():  # noqa: PLR2004 - header, claims, signature
        raise Unauthenticated("not a token")
    return _object(parts[0]), _object(parts[1])


def _object(part: str) -> dict[str, Any]:
    try:
        found = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError) as error:
        raise Unauthenticated("not a token") from error
    if not isinstance(found, dict):
        raise Unauthenticated("not a token")
    return found


def _asked_for(header: dict[str, Any], issuer: Issuer) -> tuple[str, str | None]:
    """Return the algorithm and key the token names, if its issuer may use that algorithm."""
    algorithm, kid = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in issuer.algorithms:
        raise Unauthenticated("an algorithm its issuer may not use")
    if kid is not None and not isinstance(kid, str):
        raise Unauthenticated("not a token")
    if NEVER_UNDERSTOOD & header.keys():
        raise Unauthenticated("an extension we don't know")
    return algorithm, kid


def _signed(token: str, key: Key, algorithm: str) -> dict[str, Any]:
    try:
        return jwt.decode(token, key, registry=_Exactly(algorithm)).claims
    except (JoseError, ValueError, RecursionError) as error:
        raise Unauthenticated(f"not signed by its issuer ({type(error).__name__})") from error


class _Exactly(JWSRegistry):
    """Allows one algorithm; the library's own would warn of EdDSA's old name at each use."""

    max_header_length = LONGEST_TOKEN

    def __init__(self, algorithm: str) -> None:
        super().__init__(algorithms=[algorithm], strict_check_header=False)

    def get_alg(self, name: str) -> JWSAlgModel:
        if name not in (self.allowed or ()):
            raise UnsupportedAlgorithmError(name)
        return self.algorithms[name]
