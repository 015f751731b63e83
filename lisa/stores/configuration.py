"""Where the configuration lies: a row per version, in one partition; none is ever rewritten."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lisa.declared.tables import CONFIGURATION
from lisa.domain.configuration import GLOBAL, Version, read_kept
from lisa.domain.errors import ConditionFailed, Conflict
from lisa.ports.table import ABSENT, Put, Query, Row, Tables

PREFIX: Final = "version#"


@dataclass(frozen=True)
class ConfigurationStore:
    """Keeps every version."""

    tables: Tables

    async def current(self) -> Version:
        """Return the newest version, as last written."""
        versions, _ = await self.page(1, "")
        return versions[0] if versions else Version()

    async def page(self, limit: int, cursor: str) -> tuple[list[Version], str]:
        """Return versions, newest first; the one before the first change isn't kept."""
        query = Query(
            CONFIGURATION, GLOBAL, prefix=PREFIX, newest_first=True, limit=limit, cursor=cursor
        )
        page = await self.tables.query(query)
        return [_from_row(row) for row in page.rows], page.cursor

    async def add(self, version: Version, record: Put) -> None:
        """Store a version and its record in the audit, both or none, if its number is free."""
        try:
            await self.tables.transact([Put(CONFIGURATION, _to_row(version), ABSENT), record])
        except ConditionFailed as failure:
            raise differs(version.number - 1) from failure


def differs(number: int) -> Conflict:
    """Say that a change was based on a version that isn't the current one."""
    return Conflict(
        f"the configuration is no longer, or not yet, at version {number}",
        next_step="read it again and decide anew",
        code="version_differs",
    )


def _to_row(version: Version) -> Row:
    return {
        "pk": GLOBAL,
        "sk": f"{PREFIX}{version.number:012d}",
        "number": version.number,
        "configuration": json.dumps(version.configuration.wire()),
        "changed": version.changed.isoformat() if version.changed else None,
        "changed_by": version.changed_by,
        "reason": version.reason,
    }


def _from_row(row: Row) -> Version:
    return Version(
        number=int(str(row["number"])),
        configuration=read_kept(json.loads(str(row["configuration"]))),
        changed=datetime.fromisoformat(str(row["changed"])),
        changed_by=str(row["changed_by"]),
        reason=str(row["reason"]),
    )
