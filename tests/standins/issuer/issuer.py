"""Stands in for an OIDC provider: real keys, signed tokens, discovery and JWKS on loopback."""

import base64
import json
from functools import cache
from typing import Any

from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from lisa.domain.issuers import Issuer
from lisa.ports.clock import Clock
from tests.standins.issuer.server import Pages

AUDIENCE = "lisa"
WELL_KNOWN = "/.well-known/openid-configuration"


@cache
def rsa_key(kid: str) -> RSAKey:
    """Return the RSA key of that name; making one takes a moment."""
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


def ec_key(kid: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig"})


def ed_key(kid: str) -> OKPKey:
    return OKPKey.generate_key("Ed25519", {"kid": kid, "use": "sig"})


def algorithm_of(key: Key) -> str:
    return {"RSA": "RS256", "EC": "ES256", "OKP": "EdDSA"}[key.key_type]


def encoded(value: object) -> str:
    """Write one part of a token."""
    return base64url(json.dumps(value).encode())


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class StandInIssuer:
    """Publishes `keys` and signs with the last of them."""

    def __init__(self, clock: Clock, *keys: Key) -> None:
        self.clock = clock
        self.keys: list[Key] = list(keys) or [rsa_key("first")]
        self.pages = Pages({WELL_KNOWN: self.discovery, "/jwks": self.jwks})
        self.pages.come()

    @property
    def url(self) -> str:
        return self.pages.url

    def discovery(self) -> object:
        return {"issuer": self.url, "jwks_uri": f"{self.url}/jwks"}

    def jwks(self) -> object:
        return {"keys": [key.as_dict(private=False) for key in self.keys]}

    def trusted(self, **more: Any) -> Issuer:
        """Return how LISA would be configured to trust this issuer."""
        fields: dict[str, Any] = {
            "issuer": self.url,
            "audience": AUDIENCE,
            "algorithms": ["RS256", "ES256", "EdDSA"],
        }
        return Issuer.model_validate(fields | more)

    def claims(self, **more: Any) -> dict[str, Any]:
        """Return what a good access token says, with these claims instead."""
        now = int(self.clock.now().timestamp())
        good = {"iss": self.url, "sub": "alice", "aud": AUDIENCE, "iat": now, "exp": now + 300}
        return {name: value for name, value in (good | more).items() if value is not None}

    def token(
        self, *, key: Key | None = None, header: dict[str, Any] | None = None, **claims: Any
    ) -> str:
        """Sign a token; `None` leaves a claim or a part of the header out."""
        key = key or self.keys[-1]
        full = {"typ": "JWT", "alg": algorithm_of(key), "kid": key.kid} | (header or {})
        named = {name: value for name, value in full.items() if value is not None}
        signed = f"{encoded(named)}.{encoded(self.claims(**claims))}"
        signature = JWSRegistry.algorithms[str(named["alg"])].sign(signed.encode(), key)
        return f"{signed}.{base64url(signature)}"

    def stop(self) -> None:
        self.pages.go()
