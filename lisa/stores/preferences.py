"""Where preferences lie: one row per user."""

import json
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from lisa.declared.tables import PREFERENCES
from lisa.ports.table import Key, Put, Tables

SORT: Final = "preferences"


@dataclass(frozen=True)
class PreferencesStore:
    """Keeps preferences."""

    tables: Tables

    async def get(self, owner: str) -> dict[str, JsonValue] | None:
        """Return what this user keeps, if anything."""
        row = await self.tables.get(PREFERENCES, _key(owner))
        if row is None:
            return None
        kept: dict[str, JsonValue] = json.loads(str(row["document"]))
        return kept

    async def put(self, owner: str, preferences: dict[str, JsonValue]) -> None:
        """Keep these in place of the former ones."""
        key = _key(owner)
        row = Put(PREFERENCES, {"pk": key.pk, "sk": key.sk, "document": json.dumps(preferences)})
        await self.tables.apply(row)


def _key(owner: str) -> Key:
    return Key(f"user#{owner}", SORT)
