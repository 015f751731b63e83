"""Where the provider's own sign-ins lie, under the hash of a cookie, and which forms were sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lisa.declared.tables import EXPIRES, PROVIDER
from lisa.domain.errors import ConditionFailed
from lisa.domain.provider.grants import SESSION_LIFE, SignedIn
from lisa.ports.table import ABSENT, Delete, Key, Put, Row, Tables

SESSION: Final = "session"
FORM: Final = "form"


@dataclass(frozen=True)
class ProviderSignIns:
    """Keeps browsers signed in."""

    tables: Tables

    async def add(self, signed_in: SignedIn) -> None:
        """Store that a browser is signed in."""
        row: Row = {
            "pk": signed_in.session,
            "sk": SESSION,
            "signed_in": signed_in.model_dump(mode="json"),
            EXPIRES: int((signed_in.at + SESSION_LIFE).timestamp()),
        }
        await self.tables.apply(Put(PROVIDER, row, ABSENT))

    async def get(self, session: str) -> SignedIn | None:
        """Return who is signed in by the cookie of this hash."""
        row = await self.tables.get(PROVIDER, Key(session, SESSION))
        return SignedIn.model_validate(row["signed_in"]) if row else None

    async def remove(self, session: str) -> None:
        """Forget the sign-in."""
        await self.tables.apply(Delete(PROVIDER, Key(session, SESSION)))

    async def use_form(self, digest: str, until: datetime) -> bool:
        """Note that this form was sent; only the first time is it true."""
        row: Row = {"pk": digest, "sk": FORM, EXPIRES: int(until.timestamp()) + 1}
        try:
            await self.tables.apply(Put(PROVIDER, row, ABSENT))
        except ConditionFailed:
            return False
        return True
