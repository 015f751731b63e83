"""Where codes and families of refresh tokens lie.

| partition          | sort key         | row                                                   |
|--------------------|------------------|-------------------------------------------------------|
| hash of a code     | `code`           | the grant; `version` 2 once somebody showed the code  |
| id of a family     | `family`         | the hashes of its tokens                              |
| hash of a cookie   | `family#<id>`    | that this family came from that sign-in               |
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lisa.declared.tables import EXPIRES, PROVIDER
from lisa.domain.errors import ConditionFailed
from lisa.domain.provider.grants import REPLAY_REMEMBERED, Code, Family
from lisa.ports.table import (
    ABSENT,
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

CODE: Final = "code"
FAMILY: Final = "family"
OF_SESSION: Final = "family#"


@dataclass(frozen=True)
class GrantStore:
    """Keeps codes and families."""

    tables: Tables

    async def add_code(self, digest: str, code: Code) -> None:
        """Store a code; it is remembered beyond its life, to know it when it is shown again."""
        row: Row = {
            "pk": digest,
            "sk": CODE,
            "version": 1,
            "code": code.model_dump(mode="json"),
            EXPIRES: _second(code.expires + REPLAY_REMEMBERED),
        }
        await self.tables.apply(Put(PROVIDER, row, ABSENT))

    async def code(self, digest: str) -> Code | None:
        """Return what was granted for this code, be it used."""
        row = await self.tables.get(PROVIDER, Key(digest, CODE))
        return Code.model_validate(row["code"]) if row else None

    async def use_code(self, digest: str, family: Family | None) -> bool:
        """Use the code up and begin its family, if it has one: of many who try, one does."""
        used = Update(PROVIDER, Key(digest, CODE), add={"version": 1}, when=at_version(1))
        steps: list[Step] = [used]
        if family:
            steps += [Put(PROVIDER, _row(family), ABSENT), _of_session(family)]
        try:
            await self.tables.transact(steps)
        except ConditionFailed:
            return False
        return True

    async def family(self, family_id: str) -> Family | None:
        """Return the family, unless it has ended."""
        row = await self.tables.get(PROVIDER, Key(family_id, FAMILY))
        if row is None:
            return None
        fields = row["family"] if isinstance(row["family"], dict) else {}
        return Family.model_validate(fields | {"version": row["version"]})

    async def replace(self, family: Family) -> None:
        """Store the family as it follows on its former version, else raise `ConditionFailed`."""
        following = family.model_copy(update={"version": family.version + 1})
        await self.tables.apply(Put(PROVIDER, _row(following), at_version(family.version)))

    async def end(self, family_id: str) -> None:
        """Let none of the family's tokens count any more."""
        await self.tables.apply(Delete(PROVIDER, Key(family_id, FAMILY)))

    async def end_all(self, session: str) -> None:
        """End every family that came from this sign-in."""
        while rows := (await self._of(session)):
            ids = [str(row["sk"]).removeprefix(OF_SESSION) for row in rows]
            families = [Key(each, FAMILY) for each in ids]
            await self.tables.delete_many(PROVIDER, families)
            listed = [Key(str(row["pk"]), str(row["sk"])) for row in rows]
            await self.tables.delete_many(PROVIDER, listed)

    async def _of(self, session: str) -> list[Row]:
        page = await self.tables.query(Query(PROVIDER, session, prefix=OF_SESSION))
        return page.rows


def _row(family: Family) -> Row:
    return {
        "pk": family.id,
        "sk": FAMILY,
        "version": family.version,
        "family": family.model_dump(mode="json", exclude={"version"}),
        EXPIRES: _second(min(family.idle_until, family.ends)),
    }


def _of_session(family: Family) -> Put:
    row: Row = {
        "pk": family.grant.signed_in.session,
        "sk": f"{OF_SESSION}{family.id}",
        EXPIRES: _second(family.ends),
    }
    return Put(PROVIDER, row)


def _second(moment: datetime) -> int:
    return int(moment.timestamp()) + 1
