"""The one-time link by which a person signs in to the local profile, and the cookie it gives."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lisa.domain.audit import Deed
from lisa.domain.errors import Unauthenticated
from lisa.domain.identity import Principal, digest
from lisa.domain.policy import Kind, Thing, Verb, require
from lisa.ports.clock import Clock
from lisa.ports.ids import Ids
from lisa.stores.sign_ins import CODE, COOKIE, SignedIn, SignInStore
from lisa.usecases.audit import Audit

CODE_LIFE: Final = timedelta(minutes=10)
COOKIE_LIFE: Final = timedelta(hours=12)


@dataclass(frozen=True)
class SignIn:
    """One-time codes, and the cookies they are exchanged for."""

    sign_ins: SignInStore
    clock: Clock
    ids: Ids
    audit: Audit

    async def new_code(self, caller: Principal) -> tuple[str, datetime]:
        """Make a code that signs a browser in as this caller, once, within ten minutes.

        What it leads to ends with the token it was made with.
        """
        require(caller, Verb.CREATE, Thing(Kind.SIGN_IN_LINK))
        code, expires = self.ids.secret(), self.clock.now() + CODE_LIFE
        person = caller.model_copy(update={"token_id": None})
        await self.sign_ins.add(CODE, digest(code), SignedIn(person, caller.token_id), expires)
        await self.audit.note(caller, Deed(Verb.CREATE, Kind.SIGN_IN_LINK))
        return code, expires

    async def redeem(self, code: str) -> str:
        """Exchange a code for the value of a cookie."""
        signed_in = await self.sign_ins.take(CODE, digest(code))
        if signed_in is None:
            raise Unauthenticated(
                "this sign-in link was used before, or is older than ten minutes",
                next_step="get a new one with `lisa login-url`",
                code="link_refused",
            )
        cookie = self.ids.secret()
        await self.sign_ins.add(COOKIE, digest(cookie), signed_in, self.clock.now() + COOKIE_LIFE)
        return cookie

    async def sign_out(self, cookie: str) -> None:
        """Forget the cookie."""
        await self.sign_ins.take(COOKIE, digest(cookie))
