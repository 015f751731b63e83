"""Where models lie: all in one partition in order of their ids, and one row that counts changes.

| partition   | sort key  | row                                                        |
|-------------|-----------|------------------------------------------------------------|
| `model`     | `<id>`    | a model                                                    |
| `catalogue` | `version` | `changes`, counted in the very transaction of every change |

Whoever keeps models in memory reads that one row to learn whether they are still the same.
"""

from dataclasses import dataclass
from typing import Final

from lisa.declared.tables import MODELS
from lisa.domain.model import Model
from lisa.ports.table import (
    ABSENT,
    MAX_PAGE,
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

PARTITION: Final = "model"
CATALOGUE: Final = Key("catalogue", "version")
CHANGES: Final = "changes"


@dataclass(frozen=True)
class ModelStore:
    """Keeps models."""

    tables: Tables

    async def by_id(self, model_id: str) -> Model | None:
        """Return the model of this id, as last written."""
        row = await self.tables.get(MODELS, Key(PARTITION, model_id))
        return _from_row(row) if row else None

    async def add(self, model: Model, *steps: Step) -> None:
        """Store a new model; raise `ConditionFailed` if there is one of this id."""
        await self._write(Put(MODELS, _to_row(model), ABSENT), *steps)

    async def change(self, old: Model, new: Model, *steps: Step) -> Model:
        """Replace the model if nobody did so meanwhile, else raise `ConditionFailed`."""
        new = new.model_copy(update={"version": old.version + 1})
        await self._write(Put(MODELS, _to_row(new), at_version(old.version)), *steps)
        return new

    async def remove(self, model: Model, *steps: Step) -> None:
        """Forget the model; raise `ConditionFailed` if it was changed meanwhile."""
        key = Key(PARTITION, model.id)
        await self._write(Delete(MODELS, key, at_version(model.version)), *steps)

    async def page(self, limit: int, cursor: str) -> tuple[list[Model], str]:
        """List models in order of their ids."""
        page = await self.tables.query(Query(MODELS, PARTITION, limit=limit, cursor=cursor))
        return [_from_row(row) for row in page.rows], page.cursor

    async def catalogue_version(self) -> str:
        """Return what differs after every change: read it before the catalogue, not after."""
        row = await self.tables.get(MODELS, CATALOGUE)
        return str(row[CHANGES]) if row else "0"

    async def catalogue(self) -> tuple[Model, ...]:
        """Return all models."""
        found, cursor = await self.page(MAX_PAGE, "")
        while cursor:
            further, cursor = await self.page(MAX_PAGE, cursor)
            found += further
        return tuple(found)

    async def _write(self, step: Step, *steps: Step) -> None:
        count = Update(MODELS, CATALOGUE, add={CHANGES: 1})
        await self.tables.transact([step, count, *steps])


def _to_row(model: Model) -> Row:
    """Return the row; a list in it has one order, so that equal models are equal rows."""
    kept = model.model_dump(mode="json", exclude={"version"}, exclude_none=True)
    kept["groups"] = sorted(model.groups)
    return {"pk": PARTITION, "sk": model.id, "model": kept, "version": model.version}


def _from_row(row: Row) -> Model:
    """Read a model; a field of another release of LISA is passed over."""
    kept = row["model"] if isinstance(row["model"], dict) else {}
    return Model.model_validate(kept | {"version": row["version"]}, extra="ignore")
