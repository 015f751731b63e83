"""Whose tokens we believe, and how each issuer writes them."""

from collections.abc import Iterable
from ipaddress import ip_address
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

# Signatures by a private key only: with a shared secret, whoever can verify could also forge.
Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
PREFIX_PATTERN: Final = r"^([a-z][a-z0-9-]{0,30}:)?$"


def is_safe_url(url: str) -> bool:
    """Tell whether what this address answers can be believed: https, or http on loopback."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    plain = url.isascii() and url.isprintable() and " " not in url
    bare = not parts.fragment and not parts.username and not parts.password
    safe = parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))
    return plain and bare and safe and bool(host)


def is_http_url(url: str) -> bool:
    """Tell whether this is an address one can send a request to, with no secret in it."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    plain = url.isascii() and url.isprintable() and " " not in url
    bare = not parts.fragment and not parts.query and not parts.username and not parts.password
    return plain and bare and parts.scheme in {"http", "https"} and bool(parts.hostname)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _safe_url(url: str) -> str:
    if url and not is_safe_url(url):
        raise ValueError("must begin with https:// (http:// only on loopback)")
    return url


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Text = Annotated[str, Field(min_length=1, max_length=2048)]


class Issuer(BaseModel):
    """One identity provider.

    A caller's subject is `prefix` and the claim `username_claim`. Choose a claim that the issuer
    never gives to somebody else. `kind = "cognito"` looks for the audience in `client_id` and, as
    the resource server of a scope, in `scope`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: Text
    audience: Annotated[tuple[Text, ...], BeforeValidator(_several), Field(min_length=1)]
    jwks_url: Annotated[str, AfterValidator(_safe_url)] = ""
    kind: Literal["oidc", "cognito"] = "oidc"
    algorithms: Annotated[tuple[Algorithm, ...], Field(min_length=1)] = ("RS256", "ES256")
    username_claim: Text = "sub"
    groups_claim: str = "groups"
    prefix: Annotated[str, Field(pattern=PREFIX_PATTERN)] = ""

    @model_validator(mode="after")
    def _can_be_discovered(self) -> "Issuer":
        if not self.jwks_url and not is_safe_url(self.issuer):
            raise ValueError("without a jwks_url, issuer must be an https:// address")
        return self


class SignIn(BaseModel):
    """Where pages send a person to sign in: an issuer's address, and our client there.

    `parameters` go along with the request, like the `audience` that some issuers ask for.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    authority: Annotated[Text, AfterValidator(_safe_url)]
    client_id: Text
    scope: Text = "openid profile email"
    parameters: dict[str, str] = Field(default_factory=dict)


def all_distinct(issuers: Iterable[Issuer]) -> tuple[Issuer, ...]:
    """Return them, if no two are the same issuer and no two could name one subject alike."""
    found = tuple(issuers)
    if len({each.issuer for each in found}) < len(found):
        raise ValueError("an issuer is listed twice; give it several audiences instead")
    if len({each.prefix for each in found}) < len(found):
        raise ValueError("give each issuer but one a prefix of its own, like `partner:`")
    return found
