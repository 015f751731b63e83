"""Where sign-ins lie: one-time codes and browser cookies, both only as hashes, both expiring."""

from dataclasses import dataclass
from datetime import datetime

from lisa.declared.tables import EXPIRES, SIGN_INS
from lisa.domain.errors import ConditionFailed
from lisa.domain.identity import Principal
from lisa.ports.table import ABSENT, PRESENT, Delete, Key, Put, Row, Tables

CODE = "code"
COOKIE = "cookie"


@dataclass(frozen=True)
class SignedIn:
    """Whom a code or cookie stands for, and the id of the token that it began with, if any."""

    principal: Principal
    made_with: str | None = None


@dataclass(frozen=True)
class SignInStore:
    """Keeps codes and cookies."""

    tables: Tables

    async def add(self, kind: str, digest: str, signed_in: SignedIn, expires: datetime) -> None:
        """Store whom this code or cookie stands for, until it expires."""
        row: Row = {
            "pk": digest,
            "sk": kind,
            "principal": signed_in.principal.model_dump(mode="json"),
            EXPIRES: int(expires.timestamp()),
        }
        if signed_in.made_with:
            row["made_with"] = signed_in.made_with
        await self.tables.apply(Put(SIGN_INS, row, ABSENT))

    async def get(self, kind: str, digest: str) -> SignedIn | None:
        """Return whom it stands for."""
        row = await self.tables.get(SIGN_INS, Key(digest, kind))
        return _signed_in(row) if row else None

    async def take(self, kind: str, digest: str) -> SignedIn | None:
        """Return whom it stands for and remove it: of many who try, one gets it."""
        signed_in = await self.get(kind, digest)
        try:
            await self.tables.apply(Delete(SIGN_INS, Key(digest, kind), PRESENT))
        except ConditionFailed:
            return None
        return signed_in


def _signed_in(row: Row) -> SignedIn:
    made_with = row.get("made_with")
    return SignedIn(
        Principal.model_validate(row["principal"]), None if made_with is None else str(made_with)
    )
