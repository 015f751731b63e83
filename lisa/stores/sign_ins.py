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
class SignInStore:
    """Keeps codes and cookies."""

    tables: Tables

    async def add(self, kind: str, digest: str, principal: Principal, expires: datetime) -> None:
        """Store whom this code or cookie stands for, until it expires."""
        row: Row = {
            "pk": digest,
            "sk": kind,
            "principal": principal.model_dump(mode="json"),
            EXPIRES: int(expires.timestamp()),
        }
        await self.tables.apply(Put(SIGN_INS, row, ABSENT))

    async def get(self, kind: str, digest: str) -> Principal | None:
        """Return whom it stands for."""
        row = await self.tables.get(SIGN_INS, Key(digest, kind))
        return _principal(row) if row else None

    async def take(self, kind: str, digest: str) -> Principal | None:
        """Return whom it stands for and remove it: of many who try, one gets it."""
        principal = await self.get(kind, digest)
        try:
            await self.tables.apply(Delete(SIGN_INS, Key(digest, kind), PRESENT))
        except ConditionFailed:
            return None
        return principal


def _principal(row: Row) -> Principal:
    return Principal.model_validate(row["principal"])
