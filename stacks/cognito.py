"""What a deployment may choose about the user pool that it makes."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

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


class PasswordRules(BaseModel):
    """What Cognito asks of a password, besides a letter of each case, a digit and a symbol."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    min_length: Annotated[int, Field(ge=8, le=99)] = 12
    first_password_days: Annotated[int, Field(ge=1, le=90)] = 3


class CognitoConfig(BaseModel):
    """A user pool of our own.

    People come back to our pages, and to `callback_urls`. `keys_from` is asked for the pool's keys
    in place of Cognito itself, where functions reach it only through something else.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    mfa: Literal["off", "optional", "required"] = "optional"
    self_sign_up: bool = False
    threat_protection: Literal["off", "audit", "enforced"] = "off"
    login_prefix: Prefix = ""
    callback_urls: tuple[Url, ...] = ()
    access_token_minutes: Annotated[int, Field(ge=5, le=1440)] = 30
    refresh_token_days: Annotated[int, Field(ge=1, le=3650)] = 7
    keys_from: Annotated[str, AfterValidator(_keys)] = ""
    password: PasswordRules = PasswordRules()
