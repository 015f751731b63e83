"""Tokens for what was granted: exchanged for a code, renewed, revoked, asked who they speak of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from lisa.domain.accounts import Account
from lisa.domain.audit import Deed, Outcome
from lisa.domain.errors import ConditionFailed, Invalid, Unauthenticated
from lisa.domain.identity import Principal, digest
from lisa.domain.policy import Kind
from lisa.domain.provider.claims import (
    ACCESS_TYPE,
    ID_TYPE,
    access_claims,
    id_claims,
    person_claims,
)
from lisa.domain.provider.client import AUDIENCE, CLIENT_ID
from lisa.domain.provider.grants import ACCESS_LIFE, Family, Grant
from lisa.ports.clock import Clock
from lisa.ports.ids import Ids
from lisa.ports.signing import Signing
from lisa.stores.accounts import AccountStore
from lisa.stores.provider.grants import GrantStore
from lisa.usecases.audit import Refusals
from lisa.usecases.provider.sign_in import SIGN_IN

MOST_TRIES: Final = 20

Answer = dict[str, JsonValue]


@dataclass(frozen=True)
class ProviderTokens:
    """What the page's program calls, without the person."""

    issuer: str
    accounts: AccountStore
    grants: GrantStore
    signing: Signing
    refusals: Refusals
    clock: Clock
    ids: Ids

    async def exchange(self, given: Mapping[str, str]) -> Answer:
        """Return tokens for a code, which is used up by whoever shows it first."""
        _require_our_client(given)
        shown = digest(_needed(given, "code"))
        redirect_uri, verifier = _needed(given, "redirect_uri"), _needed(given, "code_verifier")
        code = await self.grants.code(shown)
        if code is None:
            raise _refused()
        now = self.clock.now()
        suits = code.suits(redirect_uri, verifier, now)
        account = await self._account(code.grant)
        family, refresh_token = None, ""
        if suits and account and code.grant.lasts:
            refresh_token = self._refresh_token(code.family)
            family = Family.begun(code.family, code.grant, digest(refresh_token), now)
        if not await self.grants.use_code(shown, family):
            await self._end_as_stolen(code.family, code.grant, "a code was shown twice")
            raise _refused()
        if not suits or account is None:
            raise _refused()
        return self._answer(code.grant, account, refresh_token, code.nonce)

    async def refresh(self, given: Mapping[str, str]) -> Answer:
        """Return new tokens for a refresh token; one that was used before ends its family."""
        _require_our_client(given)
        shown = _needed(given, "refresh_token")
        for _ in range(MOST_TRIES):
            family = await self._family_of(shown)
            if not set(given.get("scope", "").split()) <= set(family.grant.scopes):
                raise Invalid("more scopes than were granted", code="invalid_scope")
            account = await self._account(family.grant)
            fresh = self._refresh_token(family.id)
            following = family.followed_by(digest(shown), digest(fresh), self.clock.now())
            if account is None:
                await self.grants.end(family.id)
                raise _refused()
            if following is None:
                reason = "a refresh token was shown twice"
                await self._end_as_stolen(family.id, family.grant, reason)
                raise _refused()
            try:
                await self.grants.replace(following)
            except ConditionFailed:
                continue  # somebody was quicker: look again what that made of it
            return self._answer(family.grant, account, fresh, "")
        raise _refused()

    async def revoke(self, given: Mapping[str, str]) -> None:
        """End the family of a refresh token; any other token is nothing to us (RFC 7009)."""
        _require_our_client(given)
        family = await self.grants.family(_family_id(_needed(given, "token")))
        if family:
            await self.grants.end(family.id)

    async def person(self, access_token: str) -> Answer:
        """Return what may be told about the person an access token speaks of."""
        claims = self.signing.read(ACCESS_TYPE, access_token) or {}
        expires, at = claims.get("exp"), claims.get("auth_time")
        whole = isinstance(expires, int) and isinstance(at, int)
        if not whole or claims.get("aud") != AUDIENCE or claims.get("iss") != self.issuer:
            raise _not_believed()
        account = await self.accounts.by_name(str(claims["sub"]))
        over = int(self.clock.now().timestamp()) >= int(str(expires))
        ended = account is None or int(account.sessions_from.timestamp()) > int(str(at))
        if account is None or over or ended or account.disabled:
            raise _not_believed()
        return person_claims(account, str(claims.get("scope")).split())

    async def _end_as_stolen(self, family_id: str, grant: Grant, reason: str) -> None:
        """End what two have shown one secret for: one of them is a thief."""
        await self.grants.end(family_id)
        name = grant.signed_in.account
        deed = Deed(SIGN_IN, Kind.ACCOUNT, name, outcome=Outcome.DENIED, reason=reason)
        await self.refusals.note(Principal(subject=name), deed)

    async def _account(self, grant: Grant) -> Account | None:
        """Return the account as it is now, if the sign-in still counts."""
        account = await self.accounts.by_name(grant.signed_in.account)
        return account if grant.signed_in.holds_for(account) else None

    async def _family_of(self, refresh_token: str) -> Family:
        family = await self.grants.family(_family_id(refresh_token))
        if family is None or family.is_over(self.clock.now()):
            raise _refused()
        return family

    def _refresh_token(self, family_id: str) -> str:
        return f"{family_id}.{self.ids.secret()}"

    def _answer(self, grant: Grant, account: Account, refresh_token: str, nonce: str) -> Answer:
        now = self.clock.now()
        access = access_claims(self.issuer, grant, account, now, self.ids.new("access"))
        about = id_claims(self.issuer, grant, account, now, nonce)
        answer: Answer = {
            "access_token": self.signing.signed(ACCESS_TYPE, access),
            "token_type": "Bearer",
            "expires_in": int(ACCESS_LIFE.total_seconds()),
            "scope": " ".join(grant.scopes),
            "id_token": self.signing.signed(ID_TYPE, about),
        }
        return answer | ({"refresh_token": refresh_token} if refresh_token else {})


def _family_id(refresh_token: str) -> str:
    """Return the family a token names; of what isn't one of ours, a name that none has."""
    family_id, _, secret = refresh_token.partition(".")
    return family_id if secret and family_id.startswith("family_") else "family_"


def _require_our_client(given: Mapping[str, str]) -> None:
    if _needed(given, "client_id") != CLIENT_ID:
        raise Invalid("no client of this LISA", code="invalid_client")


def _needed(given: Mapping[str, str], name: str) -> str:
    if not given.get(name):
        raise Invalid(f"{name} is missing", code="invalid_request")
    return given[name]


def _refused() -> Invalid:
    return Invalid(
        "the code or token is unknown, expired, used or doesn't belong to this request",
        code="invalid_grant",
    )


def _not_believed() -> Unauthenticated:
    return Unauthenticated("the access token is not valid", code="invalid_token")
