"""Rows in Postgres: a document each, ordered by the bytes of their keys."""

import json
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Final

from psycopg import sql

from lisa.adapters.postgres import statements
from lisa.adapters.postgres.connections import Connection, Connections, Pool
from lisa.declared.tables import EXPIRES, PARTITION, SORT, Table
from lisa.ports.clock import Clock
from lisa.ports.queries import accepted_query, is_hopeless, page_of
from lisa.ports.rows import accepted_key, is_live, whole_seconds
from lisa.ports.steps import (
    accepted_step,
    accepted_steps,
    place_of,
    refuse_where_a_condition_fails,
    row_after,
)
from lisa.ports.table import Delete, Json, Key, Page, Put, Query, Row, Step, Update

KEYS_AT_ONCE: Final = 1000

_Place = tuple[Table, Key]


class PostgresTables:
    """Keeps rows in the tables that `create_tables` makes."""

    def __init__(self, pool: Pool, clock: Clock) -> None:
        """Work over an open pool."""
        self._connections = Connections(pool, clock)
        self._clock = clock

    async def get(self, table: Table, key: Key) -> Row | None:
        """Return the row as last written, or nothing."""
        return next(iter(await self.get_many(table, [key])), None)

    async def get_many(self, table: Table, keys: Sequence[Key]) -> list[Row]:
        """Return those of the rows that exist, in the order of the keys; any number of keys."""
        wanted = list(dict.fromkeys(accepted_key(key) for key in keys))

        async def work(connection: Connection) -> dict[Key, Row]:
            now = whole_seconds(self._clock.now())
            return await _read(connection, statements.read(table), wanted, now)

        found = await self._connections.read(work) if wanted else {}
        return [found[key] for key in wanted if key in found]

    async def query(self, query: Query) -> Page:
        """Return a page: `limit` rows, or fewer only where the partition ends."""
        accepted = accepted_query(query)
        if is_hopeless(accepted):
            return Page([])
        statement, values = statements.select_page(accepted, whole_seconds(self._clock.now()))

        async def work(connection: Connection) -> list[Row]:
            cursor = await connection.execute(statement, values)
            return [_row(*record) async for record in cursor]

        return page_of(accepted, await self._connections.read(work))

    async def apply(self, step: Put | Update | Delete) -> Row | None:
        """Do one write; return the row as it then stands, nothing after a delete."""
        accepted = accepted_step(step)
        (row,) = await self._do([accepted])
        return row if row is not None and is_live(step.table, row, self._clock.now()) else None

    async def transact(self, steps: Sequence[Step]) -> None:
        """Do all of at most 100 steps on different rows, or none of them."""
        await self._do(accepted_steps(steps))

    async def delete_many(self, table: Table, keys: Sequence[Key]) -> None:
        """Remove any number of rows, in batches; not all or nothing."""
        unwanted = sorted({accepted_key(key) for key in keys})
        for batch in _batches(unwanted):

            async def work(connection: Connection, batch: Sequence[Key] = batch) -> None:
                await connection.execute(statements.remove(table), _columns(batch))

            await self._connections.write(work)

    async def purge_expired(self, table: Table, limit: int = 1000) -> int:
        """Delete up to so many rows that have expired; return how many there were."""

        async def work(connection: Connection) -> int:
            now = whole_seconds(self._clock.now())
            return (await connection.execute(statements.purge(table), [now, limit])).rowcount

        return await self._connections.write(work)

    async def _do(self, steps: Sequence[Step]) -> list[Row | None]:
        places = [place_of(step) for step in steps]

        async def work(connection: Connection) -> list[Row | None]:
            await connection.execute(statements.LOCK, [sorted(map(_lock_number, places))])
            rows = await self._rows_to_change(connection, places)
            refuse_where_a_condition_fails(steps, rows)
            after = [row_after(step, row) for step, row in zip(steps, rows, strict=True)]
            await _write(connection, steps, after)
            return after

        return await self._connections.write(work)

    async def _rows_to_change(
        self, connection: Connection, places: Sequence[_Place]
    ) -> list[Row | None]:
        now = whole_seconds(self._clock.now())
        found: dict[_Place, Row] = {}
        for table in dict.fromkeys(table for table, _ in places):
            keys = [key for place, key in places if place == table]
            rows = await _read(connection, statements.read_for_change(table), keys, now)
            found |= {(table, key): row for key, row in rows.items()}
        return [found.get(place) for place in places]


async def _read(
    connection: Connection, statement: sql.Composed, keys: Sequence[Key], now: int
) -> dict[Key, Row]:
    rows: dict[Key, Row] = {}
    for batch in _batches(keys):
        cursor = await connection.execute(statement, [*_columns(batch), now])
        rows |= {Key(pk, sk): _row(pk, sk, doc) async for pk, sk, doc in cursor}
    return rows


async def _write(
    connection: Connection, steps: Sequence[Step], after: Sequence[Row | None]
) -> None:
    """Store what stands after the steps, all rows of a table at once."""
    for table in dict.fromkeys(step.table for step in steps):
        its = [(step, row) for step, row in zip(steps, after, strict=True) if step.table == table]
        if gone := [step.key for step, _ in its if isinstance(step, Delete)]:
            await connection.execute(statements.remove(table), _columns(gone))
        if kept := [row for step, row in its if isinstance(step, Put | Update) and row]:
            await connection.execute(statements.store(table), _row_columns(kept))


def _row(pk: str, sk: str, doc: Row) -> Row:
    return {PARTITION: pk, SORT: sk, **doc}


def _columns(keys: Iterable[Key]) -> list[list[str]]:
    return [list(column) for column in zip(*keys, strict=True)]


def _row_columns(rows: Sequence[Row]) -> list[list[Json]]:
    docs = [{name: row[name] for name in row if name not in {PARTITION, SORT}} for row in rows]
    return [
        [row[PARTITION] for row in rows],
        [row[SORT] for row in rows],
        [json.dumps(doc) for doc in docs],
        [row.get(EXPIRES) for row in rows],
    ]


def _batches(keys: Sequence[Key]) -> list[Sequence[Key]]:
    return [keys[start : start + KEYS_AT_ONCE] for start in range(0, len(keys), KEYS_AT_ONCE)]


def _lock_number(place: _Place) -> int:
    """Two writers of one row take the same lock, also while the row isn't there to be locked."""
    table, key = place
    name = "\0".join([table.name, *key])
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)
