"""Where API tokens lie: one row under the token's id, one more under the hash of each live secret.

Who shows a secret is found by its hash in one read. A token that is disabled or removed has no row
under any hash, so no caller of `by_digest` can forget to look whether it is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lisa.declared.tables import EXPIRES, TOKENS
from lisa.domain.identity import Token
from lisa.ports.table import (
    ABSENT,
    PRESENT,
    Check,
    Delete,
    Key,
    Put,
    Query,
    Row,
    Step,
    Tables,
    Update,
    at_version,
)

BY_ID: Final = "id"
BY_SECRET: Final = "secret"  # noqa: S105 - the name of a kind of row
KIND: Final = "api-token"
SHOWN_AFTER_EXPIRY: Final = timedelta(days=30)


@dataclass(frozen=True)
class TokenStore:
    """Keeps tokens."""

    tables: Tables

    async def add(self, token: Token, made_with: Token | None, record: Step) -> None:
        """Store a new token and the record; the one it was made with must stand as it was read."""
        row: Row = {
            "pk": token.id,
            "sk": BY_ID,
            "owner": token.owner,
            "kind": KIND,
            "created": f"{token.created.isoformat(timespec='microseconds')}#{token.id}",
        }
        steps: list[Step] = [
            Put(TOKENS, row | _attributes(token), ABSENT),
            *_secrets(token),
            record,
        ]
        if made_with:
            parent = Key(made_with.id, BY_ID)
            steps.append(Check(TOKENS, parent, at_version(made_with.version)))
        await self.tables.transact(steps)

    async def by_digest(self, digest: str) -> Token | None:
        """Return the token whose secret has this hash; a former secret's expires when it ends."""
        row = await self.tables.get(TOKENS, Key(digest, BY_SECRET))
        return _from_row(row) if row else None

    async def by_id(self, token_id: str) -> Token | None:
        """Return the token of this id, be it disabled or lately expired."""
        row = await self.tables.get(TOKENS, Key(token_id, BY_ID))
        return _from_row(row) if row else None

    async def page(self, owner: str | None, limit: int, cursor: str) -> tuple[list[Token], str]:
        """List one owner's tokens or, without an owner, all; newest first."""
        index, partition = ("by_owner", owner) if owner is not None else ("by_kind", KIND)
        page = await self.tables.query(
            Query(TOKENS, partition, index=index, newest_first=True, limit=limit, cursor=cursor)
        )
        return [_from_row(row) for row in page.rows], page.cursor

    async def change(self, old: Token, new: Token, record: Step) -> Token:
        """Replace the token if nobody did so meanwhile, else raise `ConditionFailed`."""
        new = new.model_copy(update={"version": old.version + 1})
        attributes = _attributes(new)
        update = Update(TOKENS, Key(old.id, BY_ID), attributes, when=at_version(old.version))
        written = _secrets(new)
        kept = {str(put.row["pk"]) for put in written}
        gone = [Delete(TOKENS, Key(digest, BY_SECRET)) for digest in _digests(old) - kept]
        await self.tables.transact([update, *written, *gone, record])
        return new

    async def note_use(self, token: Token, now: datetime) -> None:
        """Write down when the token was used last, unless it was removed."""
        noted = {"last_used": now.isoformat()}
        keys = Key(token.id, BY_ID), Key(token.digest, BY_SECRET)
        await self.tables.transact([Update(TOKENS, key, noted, when=PRESENT) for key in keys])

    async def remove(self, token: Token, *records: Step) -> None:
        """Forget the token; whoever still holds its secret is a stranger from now on.

        Raises `ConditionFailed` if it was changed meanwhile: it may have another secret now.
        """
        secrets = [Delete(TOKENS, Key(digest, BY_SECRET)) for digest in _digests(token)]
        by_id = Delete(TOKENS, Key(token.id, BY_ID), at_version(token.version))
        await self.tables.transact([by_id, *secrets, *records])


def _digests(token: Token) -> set[str]:
    return {token.digest, *([token.former_digest] if token.former_digest else [])}


def _secrets(token: Token) -> list[Put]:
    """Return the rows by which the token's live secrets are found."""
    if token.disabled:
        return []
    puts = [_secret(token, token.digest, token.expires)]
    if token.former_digest:
        ends = [time for time in (token.former_until, token.expires) if time]
        puts.append(_secret(token, token.former_digest, min(ends)))
    return puts


def _secret(token: Token, digest: str, ends: datetime | None) -> Put:
    row = _attributes(token.model_copy(update={"expires": ends}))
    row.pop(EXPIRES, None)
    if ends:
        row[EXPIRES] = int(ends.timestamp()) + 1
    return Put(TOKENS, row | {"pk": digest, "sk": BY_SECRET})


def _attributes(token: Token) -> Row:
    row: Row = {
        "token": token.model_dump(mode="json", exclude={"last_used", "version"}, exclude_none=True),
        "version": token.version,
    }
    if token.last_used:
        row["last_used"] = token.last_used.isoformat()
    if token.expires:
        row[EXPIRES] = int((token.expires + SHOWN_AFTER_EXPIRY).timestamp())
    return row


def _from_row(row: Row) -> Token:
    fields = row["token"] if isinstance(row["token"], dict) else {}
    own = {"version": row["version"], "last_used": row.get("last_used")}
    return Token.model_validate(fields | own)
