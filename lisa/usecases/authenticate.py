"""Who is calling? One answer for every door, from the headers of the call alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Final, Protocol

from lisa.domain.claims import Admission, refused
from lisa.domain.errors import Forbidden, Unauthenticated
from lisa.domain.identity import (
    TOKEN_PREFIX,
    Principal,
    Token,
    TokenKind,
    digest,
    is_well_formed,
)
from lisa.ports.access_tokens import AccessTokens
from lisa.ports.clock import Clock
from lisa.stores.sign_ins import COOKIE, SignInStore
from lisa.usecases.passes import PASS_PREFIX, Pass
from lisa.usecases.people import KnownPeople, LastSeen
from lisa.usecases.recent import MOST_REMEMBERED
from lisa.usecases.recent_tokens import RecentTokens
from lisa.usecases.token_uses import Uses

COOKIE_NAME: Final = "lisa_session"
READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
LONGEST_CREDENTIAL: Final = 16 * 1024
PARTS_OF_JWT: Final = 3


class Passes(Protocol):
    """Reads service passes."""

    async def read(self, credential: str) -> Pass:
        """Return what a pass says, or refuse it."""


@dataclass(frozen=True)
class Authenticate:
    """Tells who calls, or raises `Unauthenticated`.

    A credential is one of our own tokens if it begins like one, else an access token of an issuer.
    A cookie counts only for the hosts of our own `origins`, for a write only with one of those:
    a foreign page or a re-bound name can make a browser send it, but not from there.

    With `people`, user tokens and cookies follow what is known of their person. `asks_always`:
    access tokens do too, at the price of a read, so that a sign-in can be ended before its token
    expires. `last_seen` is told what access tokens say. Only where there are `passes` do those
    count with which our own processes call for somebody.
    """

    tokens: RecentTokens
    sign_ins: SignInStore | None
    access_tokens: AccessTokens
    admission: Admission
    clock: Clock
    origins: frozenset[str] = frozenset()
    uses: Uses | None = None
    people: KnownPeople | None = None
    asks_always: bool = False
    last_seen: LastSeen | None = None
    passes: Passes | None = None
    _principals: dict[str, tuple[Token, Principal]] = field(default_factory=dict, init=False)

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
        if self.passes and credential.startswith(PASS_PREFIX):
            return await self._by_pass(self.passes, credential)
        if credential.startswith(TOKEN_PREFIX):
            return await self._by_token(credential)
        if credential.count(".") == PARTS_OF_JWT - 1:
            return await self._by_access_token(credential)
        raise refused()

    async def _by_access_token(self, credential: str) -> Principal:
        person = self.admission.person(await self.access_tokens.verify(credential))
        if self.people and self.asks_always:
            person = await self.people.newest(person)
        if self.last_seen:
            await self.last_seen.note(person)
        return self.admission.principal(person)

    async def _by_token(self, credential: str) -> Principal:
        token = None
        if is_well_formed(credential):
            token = await self.tokens.by_digest(digest(credential))
        if token is None or token.is_expired(self.clock.now()):
            raise refused()
        principal = self._principal_of(token)
        if self.people and token.kind is TokenKind.USER:
            principal = await self.people.follow(principal, token.created)
        if self.uses:
            await self.uses.note(token)
        return principal

    async def _by_pass(self, passes: Passes, credential: str) -> Principal:
        """Return whom our own process calls for; a token that was revoked meanwhile is refused."""
        said = await passes.read(credential)
        if said.token_id is None:
            return said.principal(limits=None)
        token = await self.tokens.by_id(said.token_id)
        if token is None or token.disabled or token.is_expired(self.clock.now()):
            raise refused()
        return said.principal(token.limits)

    def _principal_of(self, token: Token) -> Principal:
        """Return the same object for as long as the token is, by which others know it again."""
        known = self._principals.get(token.id)
        if known and known[0] is token:
            return known[1]
        if len(self._principals) >= MOST_REMEMBERED:
            self._principals.clear()
        principal = token.principal()
        self._principals[token.id] = (token, principal)
        return principal

    async def _by_cookie(self, cookie: str) -> Principal:
        signed_in = await self.sign_ins.get(COOKIE, digest(cookie)) if self.sign_ins else None
        if signed_in is None or not await self._stands(signed_in.made_with):
            raise Unauthenticated(
                "you are signed out",
                next_step="get a new link with `lisa login-url`",
                code="signed_out",
            )
        principal = signed_in.principal
        return await self.people.follow(principal) if self.people else principal

    async def _stands(self, token_id: str | None) -> bool:
        """Tell whether the token a sign-in began with, if there was one, could still be used."""
        if token_id is None:
            return True
        token = await self.tokens.by_id(token_id)
        return token is not None and not (token.disabled or token.is_expired(self.clock.now()))

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
