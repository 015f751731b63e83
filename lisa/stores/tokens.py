"""Where API tokens lie: one row per token under its hash; the secret is nowhere."""

from dataclasses import dataclass
from datetime import datetime

from lisa.declared.tables import EXPIRES, TOKENS
from lisa.domain.identity import Token
from lisa.ports.table import ABSENT, Key, Put, Query, Row, Tables

KIND = "token"


@dataclass(frozen=True)
class TokenStore:
    """Keeps tokens."""

    tables: Tables

    async def add(self, token: Token) -> None:
        """Store a new token, and where to find it by its id."""
        row: Row = token.model_dump(mode="json", exclude_none=True) | {
            "pk": token.digest,
            "sk": KIND,
            "kind": KIND,
            "groups": sorted(token.groups),
            "created": f"{token.created.isoformat(timespec='microseconds')}#{token.id}",
        }
        by_id: Row = {"pk": token.id, "sk": "id", "digest": token.digest}
        if token.expires:
            ends = int(token.expires.timestamp())
            row[EXPIRES] = by_id[EXPIRES] = ends
        await self.tables.transact([Put(TOKENS, row, ABSENT), Put(TOKENS, by_id, ABSENT)])

    async def by_digest(self, digest: str) -> Token | None:
        """Return the token whose secret has this hash."""
        row = await self.tables.get(TOKENS, Key(digest, KIND))
        return _from_row(row) if row else None

    async def by_id(self, token_id: str) -> Token | None:
        """Return the token of this id."""
        row = await self.tables.get(TOKENS, Key(token_id, "id"))
        return await self.by_digest(str(row["digest"])) if row else None

    async def page(self, owner: str | None, limit: int, cursor: str) -> tuple[list[Token], str]:
        """List one owner's tokens or, without an owner, all; newest first."""
        index, partition = ("by_owner", owner) if owner is not None else ("by_kind", KIND)
        page = await self.tables.query(
            Query(TOKENS, partition, index=index, newest_first=True, limit=limit, cursor=cursor)
        )
        return [_from_row(row) for row in page.rows], page.cursor

    async def remove(self, token: Token) -> None:
        """Forget the token; whoever still holds its secret is a stranger from now on."""
        await self.tables.delete_many(TOKENS, [Key(token.digest, KIND), Key(token.id, "id")])


def _from_row(row: Row) -> Token:
    created, _, _ = str(row["created"]).partition("#")
    fields = {name: row[name] for name in Token.model_fields if name in row}
    return Token.model_validate(fields | {"created": datetime.fromisoformat(created)})
