"""Where it is counted how often a password was wrong; a restart forgets none of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lisa.declared.tables import EXPIRES, PROVIDER
from lisa.domain.provider.slow_down import Attempts
from lisa.ports.table import ABSENT, Delete, Key, Put, Row, Tables, at_version

ATTEMPTS: Final = "attempts"


@dataclass(frozen=True)
class AttemptStore:
    """Keeps counts, each under a name of the caller's choice."""

    tables: Tables

    async def get(self, name: str) -> Attempts:
        """Return what is counted under this name."""
        row = await self.tables.get(PROVIDER, Key(name, ATTEMPTS))
        return Attempts.model_validate(row["attempts"]) if row else Attempts()

    async def change(self, changed: Mapping[str, Attempts]) -> None:
        """Store them together, if nobody changed one meanwhile, else raise `ConditionFailed`."""
        await self.tables.transact([_put(name, after) for name, after in changed.items()])

    async def forget(self, name: str) -> None:
        """Count from the beginning."""
        await self.tables.apply(Delete(PROVIDER, Key(name, ATTEMPTS)))


def _put(name: str, after: Attempts) -> Put:
    row: Row = {
        "pk": name,
        "sk": ATTEMPTS,
        "version": after.version,
        "attempts": after.model_dump(mode="json"),
    }
    if after.forgotten:
        row[EXPIRES] = int(after.forgotten.timestamp()) + 1
    return Put(PROVIDER, row, at_version(after.version - 1) if after.version > 1 else ABSENT)
