"""API tokens: made, listed, changed, rotated, revoked; none can do more than who made it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from lisa.domain.audit import Deed
from lisa.domain.conflicts import overtaken
from lisa.domain.errors import (
    ConditionFailed,
    Forbidden,
    Invalid,
    NotFound,
    Unauthenticated,
)
from lisa.domain.identity import Limits, Principal, Token, TokenKind, digest, write_token
from lisa.domain.policy import Kind, Thing, Verb, decide, require
from lisa.domain.scopes import lie_within
from lisa.ports.clock import Clock
from lisa.ports.ids import Ids
from lisa.stores.tokens import TokenStore
from lisa.usecases.audit import Audit

LONGEST_OVERLAP: Final = timedelta(days=30)
LONGEST_LIFE: Final = timedelta(days=36_525)
MOST_TRIES: Final = 20
NO_LIMITS: Final = Limits()
NOT_RECORDED: Final = {"digest", "former_digest", "last_used", "version"}


@dataclass(frozen=True)
class Issued:
    """A token, and its secret: shown this once."""

    token: Token
    secret: str


@dataclass(frozen=True)
class Wanted:
    """A token to make.

    Without a kind it is a program's where an administrator asks or groups are named, else the
    caller's own. Without an owner it acts for the caller or, if it is an administrator's for a
    program, for one of the token's name.
    """

    name: str
    owner: str | None = None
    kind: TokenKind | None = None
    groups: frozenset[str] | None = None
    admin: bool = False
    rag_admin: bool = False
    scopes: frozenset[str] | None = None
    limits: Limits = NO_LIMITS
    expires: datetime | None = None


@dataclass(frozen=True)
class TokenUses:
    """What a caller can do with API tokens."""

    tokens: TokenStore
    clock: Clock
    ids: Ids
    audit: Audit

    async def issue(self, caller: Principal, wanted: Wanted) -> Issued:
        """Make a token; what is left open is taken over from the token the caller shows."""
        now = self.clock.now()
        shown = await self._shown(caller)
        secret = write_token(self.ids.secret())
        kind = _kind(caller, wanted)
        token = Token(
            id=self.ids.new("token"),
            digest=digest(secret),
            name=wanted.name,
            owner=_owner(caller, wanted, kind),
            kind=kind,
            groups=_groups(caller, wanted, kind),
            admin=wanted.admin,
            rag_admin=wanted.rag_admin,
            scopes=caller.scopes if wanted.scopes is None else wanted.scopes,
            limits=wanted.limits.filled_from(shown.limits) if shown else wanted.limits,
            created=now,
            created_by=caller.subject,
            expires=wanted.expires or (shown.expires if shown else None),
        )
        require(caller, Verb.CREATE, _thing(token))
        _refuse_wrong_expiry(token.expires, now)
        _refuse_more_rights(caller, shown, token)
        record = await self.audit.step(caller, _deed(Verb.CREATE, after=token))
        await self.tokens.add(token, shown, record)
        return Issued(token, secret)

    async def page(
        self, caller: Principal, *, limit: int, cursor: str, owner: str = ""
    ) -> tuple[list[Token], str]:
        """List all tokens, or one owner's, to who may see all; to others their own."""
        if decide(caller, Verb.LIST_ALL, Thing(Kind.TOKEN)).allowed:
            return await self.tokens.page(owner or None, limit, cursor)
        whose = owner or caller.subject
        require(caller, Verb.LIST, Thing(Kind.TOKEN, owner=whose))
        return await self.tokens.page(whose, limit, cursor)

    async def get(self, caller: Principal, token_id: str) -> Token:
        """Return a token; one that the caller may not see isn't there."""
        return await self._reached(caller, Verb.READ, token_id)

    async def change(
        self,
        caller: Principal,
        token_id: str,
        *,
        name: str | None = None,
        disabled: bool | None = None,
    ) -> Token:
        """Rename, switch off or on; what an administrator switched off stays so for its owner."""

        def changed(token: Token) -> Token:
            values: dict[str, str | None] = {} if name is None else {"name": name}
            if disabled is not None and disabled != token.disabled:
                _refuse_undoing(caller, token)
                values["disabled_by"] = caller.subject if disabled else None
            return token.model_copy(update=values)

        return await self._change(caller, token_id, changed)

    async def rotate(
        self,
        caller: Principal,
        token_id: str,
        *,
        overlap: timedelta = timedelta(0),
        expires: datetime | None = None,
    ) -> Issued:
        """Give the token another secret; the one before works until the overlap is over."""
        if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
            raise Invalid(f"an overlap has at most {LONGEST_OVERLAP.days} days")
        secret, now = write_token(self.ids.secret()), self.clock.now()
        shown = await self._shown(caller)

        def rotated(token: Token) -> Token:
            values: dict[str, object] = {"digest": digest(secret), "expires": token.expires}
            if expires:
                values["expires"] = expires
            overlaps = overlap > timedelta(0)
            values["former_digest"] = token.digest if overlaps else None
            values["former_until"] = now + overlap if overlaps else None
            new = token.model_copy(update=values)
            _refuse_wrong_expiry(new.expires, now)
            itself = shown is not None and shown.id == token.id and expires is None
            _refuse_more_rights(caller, None if itself else shown, new)
            return new

        return Issued(await self._change(caller, token_id, rotated, reason="rotated"), secret)

    async def revoke(self, caller: Principal, token_id: str) -> None:
        """Forget a token: within a second its use is refused."""
        for _ in range(MOST_TRIES):
            token = await self._reached(caller, Verb.DELETE, token_id)
            record = await self.audit.step(caller, _deed(Verb.DELETE, before=token))
            try:
                return await self.tokens.remove(token, record)
            except ConditionFailed:
                continue
        raise overtaken("the token")

    async def _change(
        self,
        caller: Principal,
        token_id: str,
        changed: Callable[[Token], Token],
        reason: str = "",
    ) -> Token:
        for _ in range(MOST_TRIES):
            token = await self._reached(caller, Verb.CHANGE, token_id)
            new = changed(token)
            deed = replace(_deed(Verb.CHANGE, before=token, after=new), reason=reason)
            record = await self.audit.step(caller, deed)
            try:
                return await self.tokens.change(token, new, record)
            except ConditionFailed:
                continue
        raise overtaken("the token")

    async def _reached(self, caller: Principal, verb: Verb, token_id: str) -> Token:
        require(caller, Verb.LIST, Thing(Kind.TOKEN, owner=caller.subject))
        token = await self.tokens.by_id(token_id)
        if token is None or not decide(caller, verb, _thing(token)).allowed:
            raise NotFound(
                f"there is no token {token_id}",
                next_step="`lisa token list` shows the ids",
                code="token_not_found",
            )
        return token

    async def _shown(self, caller: Principal) -> Token | None:
        """Return the token the caller called with, if it was one."""
        if caller.token_id is None:
            return None
        token = await self.tokens.by_id(caller.token_id)
        if token is None or token.disabled:
            raise Unauthenticated("the token was revoked meanwhile", code="token_refused")
        return token


def _kind(caller: Principal, wanted: Wanted) -> TokenKind:
    if wanted.kind:
        return wanted.kind
    is_own = wanted.groups is None and not caller.admin
    return TokenKind.USER if is_own else TokenKind.SERVICE


def _owner(caller: Principal, wanted: Wanted, kind: TokenKind) -> str:
    if wanted.owner is not None:
        return wanted.owner
    return wanted.name if caller.admin and kind is TokenKind.SERVICE else caller.subject


def _groups(caller: Principal, wanted: Wanted, kind: TokenKind) -> frozenset[str]:
    """Take a person's own groups; for others and for programs those that are named."""
    if kind is TokenKind.USER and wanted.owner in {None, caller.subject}:
        if wanted.groups is not None:
            raise Invalid("your own token has your groups", next_step="make one of kind `service`")
        return caller.groups
    return wanted.groups or frozenset()


def _deed(verb: Verb, *, before: Token | None = None, after: Token | None = None) -> Deed:
    old, new = (
        token.model_dump(mode="json", exclude=NOT_RECORDED) if token else None
        for token in (before, after)
    )
    token = after or before
    return Deed(verb, Kind.TOKEN, token.id if token else "", before=old, after=new)


def _thing(token: Token) -> Thing:
    return Thing(Kind.TOKEN, id=token.id, owner=token.owner)


def _refuse_more_rights(caller: Principal, shown: Token | None, token: Token) -> None:
    """Refuse a token that could do more, or for longer, than the caller and the token they show."""
    role_fits = caller.admin >= token.admin and (
        caller.admin or caller.rag_admin >= token.rag_admin
    )
    groups_fit = caller.admin or token.groups <= caller.groups
    fits = role_fits and groups_fit and lie_within(token.scopes, caller.scopes)
    if shown:
        fits = fits and _lives_no_longer(token, shown) and token.limits.lie_within(shown.limits)
    if not fits:
        raise Forbidden(
            "a token can't do more than you may",
            next_step="ask an administrator",
            code="more_than_you_may",
        )


def _lives_no_longer(token: Token, shown: Token) -> bool:
    if shown.expires is None:
        return True
    return token.expires is not None and token.expires <= shown.expires


def _refuse_undoing(caller: Principal, token: Token) -> None:
    if token.disabled and token.disabled_by != caller.subject and not caller.admin:
        raise Forbidden(
            "this token was disabled by an administrator",
            next_step="ask an administrator",
            code="disabled_by_administrator",
        )


def _refuse_wrong_expiry(expires: datetime | None, now: datetime) -> None:
    if expires and expires <= now:
        raise Invalid("the token would have expired already", next_step="choose a later time")
    if expires and expires - now > LONGEST_LIFE:
        raise Invalid("no token lives for more than a century", next_step="choose an earlier time")
