"""Who is calling? One answer for every door, from the headers of the call alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Final

from lisa.domain.claims import Admission, refused
from lisa.domain.errors import Forbidden, Unauthenticated
from lisa.domain.identity import TOKEN_PREFIX, Principal, digest, is_well_formed
from lisa.ports.access_tokens import AccessTokens
from lisa.ports.clock import Clock
from lisa.stores.sign_ins import COOKIE, SignInStore
from lisa.usecases.recent_tokens import RecentTokens
from lisa.usecases.token_uses import Uses

COOKIE_NAME: Final = "lisa_session"
READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
LONGEST_CREDENTIAL: Final = 16 * 1024
PARTS_OF_JWT: Final = 3


@dataclass(frozen=True)
class Authenticate:
    """Tells who calls, or raises `Unauthenticated`.

    A credential is one of our own tokens if it begins like one, else an access token of an issuer.
    A cookie counts only for the hosts of our own `origins`, for a write only with one of those:
    a foreign page or a re-bound name can make a browser send it, but not from there.
    """

    tokens: RecentTokens
    sign_ins: SignInStore
    access_tokens: AccessTokens
    admission: Admission
    clock: Clock
    origins: frozenset[str] = frozenset()
    uses: Uses | None = None

    async def __call__(self, method: str, headers: Mapping[str, str]) -> Principal:
        """Decide by the headers, whose names are in lower case."""
        credential = _credential(headers)
        if credential:
            return await self._by_credential(credential)
        cookie = _cookie(headers)
        if not cookie:
            raise Unauthenticated(
                "this needs a credential",
                next_step="send `Authorization: Bearer <token>`, or sign in with `lisa login-url`",
            )
        self._own_page(method, headers)
        return await self._by_cookie(cookie)

    async def _by_credential(self, credential: str) -> Principal:
        if len(credential) > LONGEST_CREDENTIAL:
            raise refused()
        if credential.startswith(TOKEN_PREFIX):
            return await self._by_token(credential)
        if credential.count(".") == PARTS_OF_JWT - 1:
            return self.admission.principal(await self.access_tokens.verify(credential))
        raise refused()

    async def _by_token(self, credential: str) -> Principal:
        token = None
        if is_well_formed(credential):
            token = await self.tokens.by_digest(digest(credential))
        if token is None or token.is_expired(self.clock.now()):
            raise refused()
        if self.uses:
            await self.uses.note(token)
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
    return bearer or headers.get("api-key", "") or headers.get("x-api-key", "")


def _cookie(headers: Mapping[str, str]) -> str:
    try:
        jar = SimpleCookie(headers.get("cookie", "")[:LONGEST_CREDENTIAL])
    except CookieError:
        return ""
    return jar[COOKIE_NAME].value if COOKIE_NAME in jar else ""
