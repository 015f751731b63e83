"""Where lie the timelines of models, and what their runs were begun with; both for a season.

| partition    | sort key     | row                                                    |
|--------------|--------------|--------------------------------------------------------|
| `model#<id>` | `<sequence>` | an event; its sequence is the model's version after it |
| `run#<id>`   | `order`      | an order, which is given once                          |
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from lisa.declared.tables import EXPIRES, MODEL_EVENTS
from lisa.domain.lifecycle import ModelEvent
from lisa.ports.table import ABSENT, Key, Put, Query, Row, Tables

KEPT_FOR: Final = timedelta(days=90)
DIGITS: Final = 12
ORDER: Final = "order"


@dataclass(frozen=True)
class Order:
    """A run that is wanted: of which workflow, and what it begins with."""

    run: str
    workflow: str
    state: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ModelEvents:
    """Keeps events and orders."""

    tables: Tables

    def step(self, event: ModelEvent) -> Put:
        """Return the write of an event, for a transaction with what it tells of."""
        told = event.model_dump(mode="json", exclude_defaults=True)
        row: Row = {"event": told, EXPIRES: _expiry(event.at)}
        return Put(MODEL_EVENTS, {**_place(event.model_id, event.sequence)._asdict(), **row})

    async def page(self, model_id: str, after: int, limit: int) -> list[ModelEvent]:
        """Return the first events that follow this sequence number."""
        first, last = _place(model_id, after + 1), _place(model_id, 10**DIGITS - 1)
        query = Query(MODEL_EVENTS, first.pk, first=first.sk, last=last.sk, limit=limit)
        return _events((await self.tables.query(query)).rows)

    async def newest(self, model_id: str) -> ModelEvent | None:
        """Return the last event there is."""
        partition = _place(model_id, 0).pk
        query = Query(MODEL_EVENTS, partition, newest_first=True, limit=1)
        return next(iter(_events((await self.tables.query(query)).rows)), None)

    def order_step(self, order: Order, at: datetime) -> Put:
        """Return the write of an order; it fails where there is one for this run."""
        row: Row = {"workflow": order.workflow, "state": json.dumps(order.state)}
        row |= {**_order_place(order.run)._asdict(), EXPIRES: _expiry(at)}
        return Put(MODEL_EVENTS, row, ABSENT)

    async def order(self, run: str) -> Order | None:
        """Return what a run was begun with."""
        row = await self.tables.get(MODEL_EVENTS, _order_place(run))
        return Order(run, str(row["workflow"]), json.loads(str(row["state"]))) if row else None


def _place(model_id: str, sequence: int) -> Key:
    return Key(f"model#{model_id}", f"{sequence:0{DIGITS}}")


def _order_place(run: str) -> Key:
    return Key(f"run#{run}", ORDER)


def _expiry(at: datetime) -> int:
    return int((at + KEPT_FOR).timestamp())


def _events(rows: Sequence[Row]) -> list[ModelEvent]:
    return [ModelEvent.model_validate(row["event"], extra="ignore") for row in rows]
