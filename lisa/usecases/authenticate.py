"""Who is calling? One answer for every door, from the headers of the call alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Final

from lisa.domain.errors import Forbidden, Unauthenticated
from lisa.domain.identity import Principal, digest, is_well_formed
from lisa.ports.clock import Clock
from lisa.stores.sign_ins import COOKIE, SignInStore
from lisa.stores.tokens import TokenStore

COOKIE_NAME: Final = "lisa_session"
READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
LONGEST_CREDENTIAL: Final = 8192


@dataclass(frozen=True)
class Authenticate:
    """Tells who calls, or raises `Unauthenticated`.

    A cookie counts only for our own `hosts`, and for a write only with one of our own `origins`:
    a foreign page or a re-bound name can make a browser send it, but not from there.
    """

    tokens: TokenStore
    sign_ins: SignInStore
    clock: Clock
    origins: frozenset[str] = frozenset()

    async def __call__(self, method: str, headers: Mapping[str, str]) -> Principal:
        """Decide by the headers, whose names are in lower case."""
        credential = _credential(headers)
        if credential:
            return await self._by_token(credential)
        cookie = _cookie(headers)
        if not cookie:
            raise Unauthenticated(
                "this needs a credential",
                next_step="send `Authorization: Bearer <token>`, or sign in with `lisa login-url`",
            )
        self._own_page(method, headers)
        return await self._by_cookie(cookie)

    async def _by_token(self, credential: str) -> Principal:
        token = None
        if is_well_formed(credential):
            token = await self.tokens.by_digest(digest(credential))
        if token is None or (token.expires and token.expires <= self.clock.now()):
            raise Unauthenticated(
                "the token is unknown, expired or revoked",
                next_step="get another with `lisa token create`",
                code="token_refused",
            )
        return token.principal()

    async def _by_cookie(self, cookie: str) -> Principal:
        principal = await self.sign_ins.get(COOKIE, digest(cookie))
        if principal is None:
            raise Unauthenticated(
                "you are signed out",
                next_step="get a new link with `lisa login-url`",
                code="signed_out",
            )
        return principal

    def _own_page(self, method: str, headers: Mapping[str, str]) -> None:
        hosts = {origin.partition("://")[2] for origin in self.origins}
        known_host = headers.get("host", "") in hosts
        own_origin = headers.get("origin", "") in self.origins
        if not known_host or (method not in READING and not own_origin):
            raise Forbidden(
                "a signed-in browser may do this only from LISA's own page",
                next_step="open LISA under the address that `lisa status` prints",
                code="foreign_page",
            )


def _credential(headers: Mapping[str, str]) -> str:
    """Find a credential in any of the headers that existing clients use."""
    authorization = headers.get("authorization", "")
    scheme, _, rest = authorization.partition(" ")
    bearer = rest.strip() if scheme.lower() == "bearer" else authorization.strip()
    found = bearer or headers.get("api-key", "") or headers.get("x-api-key", "")
    return found[:LONGEST_CREDENTIAL]


def _cookie(headers: Mapping[str, str]) -> str:
    try:
        jar = SimpleCookie(headers.get("cookie", "")[:LONGEST_CREDENTIAL])
    except CookieError:
        return ""
    return jar[COOKIE_NAME].value if COOKIE_NAME in jar else ""
