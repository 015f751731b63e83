"""What a deployment may choose about where people sign in."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from deployment.config.values import Part
from lisa.domain.issuers import is_safe_url


def _returning(url: str) -> str:
    """Refuse what Cognito would refuse, or what a stranger on the way could read."""
    parts = urlsplit(url)
    local = parts.scheme == "http" and parts.hostname == "localhost"
    if not is_safe_url(url) or not (parts.scheme == "https" or local):
        raise ValueError("must begin with https:// (http:// only on localhost)")
    return url


def _keys(url: str) -> str:
    if url and not is_safe_url(url):
        raise ValueError("must begin with https:// (http:// only on loopback)")
    return url.rstrip("/")


def refuse_reserved(prefix: str) -> str:
    """Return what may begin the address of a login page; Cognito keeps some words for AWS."""
    for word in ("aws", "amazon", "cognito"):
        if word in prefix:
            raise ValueError(f"{word!r} may not be in a login_prefix (here {prefix!r}): choose one")
    return prefix


Url = Annotated[str, AfterValidator(_returning)]
Prefix = Annotated[
    str, Field(pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)?$"), AfterValidator(refuse_reserved)
]


class PasswordRules(Part):
    """What Cognito asks of a password, besides a letter of each case, a digit and a symbol."""

    min_length: Annotated[int, Field(ge=8, le=99)] = 12
    """How long a password is at least; a letter of each case, a digit and a symbol are asked for
    anyway."""
    first_password_days: Annotated[int, Field(ge=1, le=90)] = 3
    """How long the first password, which comes by mail, can be used."""


class CognitoConfig(Part):
    """A user pool of our own.

    People come back to our pages, and to `callback_urls`. `keys_from` is asked for the pool's keys
    in place of Cognito itself, where functions reach it only through something else.
    """

    mfa: Literal["off", "optional", "required"] = "optional"
    """Whether people show the code of an authenticator app as well."""
    self_sign_up: bool = False
    """Anybody may make an account; needs `doors.user_group`."""
    threat_protection: Literal["off", "audit", "enforced"] = "off"
    """What is done about suspicious sign-ins, in Cognito's Plus plan, paid for each user."""
    login_prefix: Prefix = ""
    """Begins the address of the login page; empty: `<name>-<stage>-<account>`."""
    callback_urls: tuple[Url, ...] = ()
    """Where people come back to besides the pages."""
    access_token_minutes: Annotated[int, Field(ge=5, le=1440)] = 30
    """How long an access token lives, and with it a right that was taken away."""
    refresh_token_days: Annotated[int, Field(ge=1, le=3650)] = 7
    """After how long people sign in anew."""
    keys_from: Annotated[str, AfterValidator(_keys)] = ""
    """Where functions get the pool's keys, if they can't reach Cognito itself."""
    password: PasswordRules = PasswordRules()
    """What is asked of passwords."""


class IdentityConfig(Part):
    """Where people sign in.

    `cognito` makes a user pool, `issuers` believes only those of `doors.issuers`, `auto` makes
    a pool where there are none.
    """

    provider: Literal["auto", "cognito", "issuers"] = "auto"
    """`cognito` makes a user pool, `issuers` believes only those of `doors.issuers`, `auto` makes a
    pool where there are none."""
    cognito: CognitoConfig = CognitoConfig()
    """The user pool of this deployment."""
