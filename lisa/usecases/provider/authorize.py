"""Granting a page's request: who is signed in gets a code for it, who isn't must sign in."""

from dataclasses import dataclass

from lisa.domain.errors import Invalid
from lisa.domain.identity import digest
from lisa.domain.provider.client import CLIENT_ID
from lisa.domain.provider.grants import CODE_LIFE, Code, Grant, SignedIn
from lisa.domain.provider.requests import SignInRequest
from lisa.ports.clock import Clock
from lisa.ports.ids import Ids
from lisa.stores.accounts import AccountStore
from lisa.stores.provider.grants import GrantStore
from lisa.stores.provider.sign_ins import ProviderSignIns


@dataclass(frozen=True)
class Authorize:
    """Gives codes to pages."""

    accounts: AccountStore
    sign_ins: ProviderSignIns
    grants: GrantStore
    clock: Clock
    ids: Ids

    async def signed_in(self, cookie: str) -> SignedIn | None:
        """Return who is signed in by this cookie, and still counts."""
        found = await self.sign_ins.get(digest(cookie)) if cookie else None
        if found and found.holds_for(await self.accounts.by_name(found.account)):
            return found
        return None

    async def decide(self, request: SignInRequest, cookie: str) -> str | None:
        """Return the address to go back to, or nothing where the person has to sign in first."""
        found = await self.signed_in(cookie)
        if found and not request.asks_anew and self._is_recent_enough(found, request.max_age):
            return await self.grant(request, found)
        if request.asks_nothing:
            raise Invalid("nobody is signed in", code="login_required")
        return None

    async def grant(self, request: SignInRequest, signed_in: SignedIn) -> str:
        """Return the address to go back to, with a code."""
        code = self.ids.secret()
        granted = Code(
            grant=Grant(signed_in=signed_in, client_id=CLIENT_ID, scopes=request.scopes),
            redirect_uri=request.destination.redirect_uri,
            challenge=request.challenge,
            nonce=request.nonce,
            family=self.ids.new("family"),
            expires=self.clock.now() + CODE_LIFE,
        )
        await self.grants.add_code(digest(code), granted)
        return request.destination.with_code(code)

    def _is_recent_enough(self, signed_in: SignedIn, max_age: int | None) -> bool:
        age = self.clock.now() - signed_in.at
        return max_age is None or age.total_seconds() <= max_age
