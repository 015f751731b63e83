"""The events of turns: written in batches, read from any sequence number on, kept for a day."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from lisa.declared.tables import EXPIRES, SESSIONS
from lisa.ports.rows import byte_length
from lisa.ports.table import MAX_STEPS, Json, Put, Query, Row, Tables
from lisa.stores.turns.places import log_key

KEPT_FOR: Final = timedelta(hours=24)
LARGEST_PIECE: Final = 300 * 1024
LARGEST_GROUP: Final = 3 * 1024 * 1024
ROWS_READ_AT_ONCE: Final = 50
LAST: Final = 10**12 - 1
Event = dict[str, Json]


@dataclass(frozen=True)
class Batch:
    """Events of one turn that follow each other, each as JSON in ASCII."""

    turn_id: str
    first: int
    events: Sequence[str]


@dataclass(frozen=True)
class TurnLog:
    """Keeps events."""

    tables: Tables

    async def write(self, batches: Sequence[Batch], now: datetime) -> None:
        """Store batches of any turns; to store one again changes nothing."""
        rows = [row for batch in batches for row in _rows(batch, now)]
        for group in _groups(rows):
            await self.tables.transact([Put(SESSIONS, row) for row in group])

    async def read(self, turn_id: str, first: int) -> list[Event]:
        """Return some of the events from this number on; none where no more are stored yet."""
        rows = await self._rows_from(turn_id, await self._batch_of(turn_id, first))
        events = [event for text in _whole(rows) for event in json.loads(text)]
        return [event for event in events if event["sequence_number"] >= first]

    async def all(self, turn_id: str) -> list[Event]:
        """Return all events that are stored."""
        found: list[Event] = []
        while more := await self.read(turn_id, len(found)):
            found += more
        return found

    async def _batch_of(self, turn_id: str, number: int) -> int:
        """Return the first event of the batch in which this one lies, if it's stored."""
        low, high = log_key(turn_id, 0), log_key(turn_id, number, 99)
        query = Query(SESSIONS, low.pk, first=low.sk, last=high.sk, newest_first=True, limit=1)
        rows = (await self.tables.query(query)).rows
        return int(str(rows[0]["first"])) if rows else number

    async def _rows_from(self, turn_id: str, first: int) -> list[Row]:
        low, high = log_key(turn_id, first), log_key(turn_id, LAST)
        query = Query(SESSIONS, low.pk, first=low.sk, last=high.sk, limit=ROWS_READ_AT_ONCE)
        page = await self.tables.query(query)
        rows = page.rows
        while page.cursor and rows[-1]["piece"] != rows[-1]["pieces"]:
            page = await self.tables.query(replace(query, cursor=page.cursor))
            rows += page.rows
        return rows


def storing(batch: Batch, now: datetime) -> list[Put]:
    """Return what stores a batch within a transaction."""
    return [Put(SESSIONS, row) for row in _rows(batch, now)]


def _rows(batch: Batch, now: datetime) -> Iterator[Row]:
    expires = int((now + KEPT_FOR).timestamp())
    text = f"[{','.join(batch.events)}]"
    pieces = [text[at : at + LARGEST_PIECE] for at in range(0, len(text), LARGEST_PIECE)]
    for number, piece in enumerate(pieces):
        key = log_key(batch.turn_id, batch.first, number)
        yield {
            "pk": key.pk,
            "sk": key.sk,
            "first": batch.first,
            "piece": number + 1,
            "pieces": len(pieces),
            "events": piece,
            EXPIRES: expires,
        }


def _groups(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Put rows together as transactions hold them."""
    group: list[Row] = []
    size = 0
    for row in rows:
        weight = byte_length(str(row["events"])) + 1024
        if group and (len(group) == MAX_STEPS or size + weight > LARGEST_GROUP):
            yield group
            group, size = [], 0
        group.append(row)
        size += weight
    if group:
        yield group


def _whole(rows: Sequence[Row]) -> Iterator[str]:
    """Put pieces together; a batch of which some aren't stored yet is left out."""
    pieces: list[str] = []
    for row in rows:
        if row["piece"] == 1:
            pieces = []
        pieces.append(str(row["events"]))
        if len(pieces) == row["pieces"]:
            yield "".join(pieces)
