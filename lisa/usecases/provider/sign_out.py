"""Signing out of the provider, as a page asks (OpenID Connect RP-Initiated Logout)."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from lisa.domain.errors import Invalid
from lisa.domain.identity import digest
from lisa.domain.provider.claims import ID_TYPE
from lisa.domain.provider.client import CLIENT_ID, OwnClient
from lisa.ports.signing import Signing
from lisa.stores.provider.grants import GrantStore
from lisa.stores.provider.sign_ins import ProviderSignIns


@dataclass(frozen=True)
class ProviderSignOut:
    """Ends what a sign-in led to."""

    client: OwnClient
    sign_ins: ProviderSignIns
    grants: GrantStore
    signing: Signing

    def goodbye(self, given: Mapping[str, str]) -> str:
        """Return the address to go to afterwards, if the page named one; it must be ours."""
        wanted = given.get("post_logout_redirect_uri", "")
        if given.get("client_id", CLIENT_ID) != CLIENT_ID:
            raise Invalid("the page that sent you here is no client of this LISA")
        if wanted and wanted not in self.client.goodbyes:
            raise Invalid("the page that sent you here wants to go on where LISA isn't")
        state = given.get("state", "")
        return f"{wanted}?{urlencode({'state': state})}" if wanted and state else wanted

    async def is_meant(self, given: Mapping[str, str], cookie: str) -> bool:
        """Tell whether nobody has to be asked: the page shows a token of who is signed in."""
        signed_in = await self.sign_ins.get(digest(cookie)) if cookie else None
        if signed_in is None:
            return True  # there is nothing to end
        said = self.signing.read(ID_TYPE, given.get("id_token_hint", "")) or {}
        ours = said.get("iss") == self.client.issuer and said.get("aud") == CLIENT_ID
        return ours and said.get("sub") == signed_in.account

    async def end(self, cookie: str) -> None:
        """Forget the sign-in, and end every refresh token that came from it."""
        if cookie:
            session = digest(cookie)
            await self.sign_ins.remove(session)
            await self.grants.end_all(session)
