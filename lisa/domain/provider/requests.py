"""A page's request to sign somebody in, checked (RFC 6749 and 7636, OpenID Connect Core)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from lisa.domain.accounts import NAME_PATTERN
from lisa.domain.errors import Invalid
from lisa.domain.provider.client import CLIENT_ID, SCOPES, OwnClient

CHALLENGE: Final = re.compile(r"[A-Za-z0-9._~-]{43,128}")
CHOICES_OF_PROMPT: Final = frozenset({"none", "login", "consent", "select_account"})
ASKS_ANEW: Final = frozenset({"login", "select_account"})
SECONDS: Final = re.compile(r"[0-9]{1,9}")
NOT_SUPPORTED: Final = {
    "request": "request_not_supported",
    "request_uri": "request_uri_not_supported",
    "registration": "registration_not_supported",
}
KNOWN: Final = (
    "response_type",
    "response_mode",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "max_age",
    "login_hint",
)


@dataclass(frozen=True)
class Destination:
    """Where the answer goes: a page of ours, so that an error may be sent there too."""

    issuer: str
    redirect_uri: str
    state: str

    @classmethod
    def of(cls, given: Mapping[str, str], client: OwnClient) -> "Destination":
        """Return it, or raise what may only be shown here: the page that asks isn't ours."""
        if given.get("client_id") != CLIENT_ID:
            raise Invalid("the page that sent you here is no client of this LISA")
        redirect_uri = given.get("redirect_uri", "")
        if redirect_uri not in client.redirects:
            raise Invalid(
                "the page that sent you here wants an answer at an address that isn't LISA's",
                next_step="open LISA under the address that `lisa status` prints",
            )
        return cls(client.issuer, redirect_uri, given.get("state", ""))

    def with_code(self, code: str) -> str:
        """Return the address that carries a code."""
        return self._with({"code": code})

    def with_error(self, error: Invalid) -> str:
        """Return the address that says what is wrong with the request."""
        return self._with({"error": error.precise_code, "error_description": error.message})

    def _with(self, answer: dict[str, str]) -> str:
        state = {"state": self.state} if self.state else {}
        return f"{self.redirect_uri}?{urlencode(answer | state | {'iss': self.issuer})}"


@dataclass(frozen=True)
class SignInRequest:
    """A request that can be granted once we know who is there."""

    destination: Destination
    scopes: tuple[str, ...]
    challenge: str
    nonce: str
    prompts: frozenset[str]
    max_age: int | None
    login_hint: str
    text: str

    @classmethod
    def of(cls, given: Mapping[str, str], destination: Destination) -> "SignInRequest":
        """Return it, or raise with a code of OAuth's."""
        _refuse_unsupported(given)
        prompts = frozenset(given.get("prompt", "").split())
        if not prompts <= CHOICES_OF_PROMPT or ("none" in prompts and len(prompts) > 1):
            raise _malformed("prompt must be none or login")
        hint = given.get("login_hint", "")
        return cls(
            destination,
            _scopes(given.get("scope", "")),
            _challenge(given),
            given.get("nonce", ""),
            prompts,
            _seconds(given.get("max_age", "")),
            hint if re.fullmatch(NAME_PATTERN, hint) else "",
            urlencode({name: given[name] for name in KNOWN if name in given}),
        )

    @property
    def asks_anew(self) -> bool:
        """Tell whether the person has to sign in even if they are signed in."""
        return bool(self.prompts & ASKS_ANEW)

    @property
    def asks_nothing(self) -> bool:
        """Tell whether the person must not be asked for anything."""
        return "none" in self.prompts


def _refuse_unsupported(given: Mapping[str, str]) -> None:
    for name, code in NOT_SUPPORTED.items():
        if name in given:
            raise Invalid(f"{name} is not supported", code=code)
    if "response_type" not in given:
        raise _malformed("response_type is missing")
    if given["response_type"] != "code":
        raise Invalid("response_type must be code", code="unsupported_response_type")
    if given.get("response_mode", "query") != "query":
        raise _malformed("response_mode must be query")


def _scopes(text: str) -> tuple[str, ...]:
    """Return the scopes we know; others are ignored, as OpenID Connect asks."""
    asked = text.split()
    if "openid" not in asked:
        raise Invalid("scope must hold openid", code="invalid_scope")
    return tuple(scope for scope in SCOPES if scope in asked)


def _challenge(given: Mapping[str, str]) -> str:
    if given.get("code_challenge_method") != "S256":
        raise _malformed("code_challenge_method must be S256")
    challenge = given.get("code_challenge", "")
    if not CHALLENGE.fullmatch(challenge):
        raise _malformed("code_challenge must have 43 to 128 characters of base64url")
    return challenge


def _seconds(text: str) -> int | None:
    if text and not SECONDS.fullmatch(text):
        raise _malformed("max_age must be a number of seconds")
    return int(text) if text else None


def _malformed(why: str) -> Invalid:
    return Invalid(why, code="invalid_request")
