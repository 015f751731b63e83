"""Tokens for programs, and the one-time link by which a person signs in to the local profile."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lisa.domain.errors import Forbidden, Invalid, NotFound, Unauthenticated
from lisa.domain.identity import Principal, Token, digest, write_token
from lisa.ports.clock import Clock
from lisa.ports.ids import Ids
from lisa.stores.sign_ins import CODE, COOKIE, SignInStore
from lisa.stores.tokens import TokenStore

CODE_LIFE: Final = timedelta(minutes=10)
COOKIE_LIFE: Final = timedelta(hours=12)


@dataclass(frozen=True)
class Issued:
    """A token, and its secret: shown this once."""

    token: Token
    secret: str


@dataclass(frozen=True)
class TokenUses:
    """What a caller can do with API tokens."""

    tokens: TokenStore
    clock: Clock
    ids: Ids

    async def issue(
        self,
        caller: Principal,
        *,
        name: str,
        admin: bool = False,
        groups: frozenset[str] = frozenset(),
        expires: datetime | None = None,
    ) -> Issued:
        """Make a token. An administrator's acts for a program of that name, others' for themselves.

        Nobody hands out more than they have.
        """
        now = self.clock.now()
        if expires and expires <= now:
            raise Invalid("the token would have expired already", next_step="choose a later time")
        if not caller.admin and (admin or not groups <= caller.groups):
            raise Forbidden("a token can't do more than you may", next_step="ask an administrator")
        secret = write_token(self.ids.secret())
        token = Token(
            id=self.ids.new("token"),
            digest=digest(secret),
            name=name,
            owner=name if caller.admin else caller.subject,
            groups=groups,
            admin=admin,
            created=now,
            expires=expires,
        )
        await self.tokens.add(token)
        return Issued(token, secret)

    async def page(self, caller: Principal, *, limit: int, cursor: str) -> tuple[list[Token], str]:
        """List all tokens to an administrator, to others their own."""
        return await self.tokens.page(None if caller.admin else caller.subject, limit, cursor)

    async def revoke(self, caller: Principal, token_id: str) -> None:
        """Forget a token: its very next use is refused."""
        token = await self.tokens.by_id(token_id)
        if token is None or not (caller.admin or token.owner == caller.subject):
            raise NotFound(
                f"there is no token {token_id}",
                next_step="`lisa token list` shows the ids",
                code="token_not_found",
            )
        await self.tokens.remove(token)


@dataclass(frozen=True)
class SignIn:
    """One-time codes, and the cookies they are exchanged for."""

    sign_ins: SignInStore
    clock: Clock
    ids: Ids

    async def new_code(self, caller: Principal) -> tuple[str, datetime]:
        """Make a code that signs a browser in as this caller, once, within ten minutes."""
        if not caller.admin:
            raise Forbidden("only an administrator can make sign-in links")
        code, expires = self.ids.secret(), self.clock.now() + CODE_LIFE
        await self.sign_ins.add(CODE, digest(code), caller, expires)
        return code, expires

    async def redeem(self, code: str) -> str:
        """Exchange a code for the value of a cookie."""
        principal = await self.sign_ins.take(CODE, digest(code))
        if principal is None:
            raise Unauthenticated(
                "this sign-in link was used before, or is older than ten minutes",
                next_step="get a new one with `lisa login-url`",
                code="link_refused",
            )
        cookie = self.ids.secret()
        await self.sign_ins.add(COOKIE, digest(cookie), principal, self.clock.now() + COOKIE_LIFE)
        return cookie

    async def sign_out(self, cookie: str) -> None:
        """Forget the cookie."""
        await self.sign_ins.take(COOKIE, digest(cookie))
