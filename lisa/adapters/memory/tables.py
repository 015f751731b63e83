"""Rows in this process's memory: gone when it ends. Tests hold the other adapters against it."""

from collections import deque
from collections.abc import Sequence
from copy import deepcopy

from lisa.declared.tables import Table
from lisa.ports.clock import Clock
from lisa.ports.queries import (
    accepted_query,
    covers,
    order_names,
    page_of,
    partition_name,
    place_in_order,
    start_of,
)
from lisa.ports.rows import accepted_key, is_live
from lisa.ports.steps import (
    accepted_step,
    accepted_steps,
    place_of,
    refuse_where_a_condition_fails,
    row_after,
)
from lisa.ports.table import Delete, Key, Page, Put, Query, Row, Step, Update

_Place = tuple[Table, Key]


class MemoryTables:
    """Keeps rows; its indexes show the state of `index_lag` writes ago."""

    def __init__(self, clock: Clock, index_lag: int = 0) -> None:
        """Begin with no rows."""
        self._clock = clock
        self._rows: dict[_Place, Row] = {}
        self._recent: deque[tuple[_Place, Row | None]] = deque(maxlen=index_lag)

    async def get(self, table: Table, key: Key) -> Row | None:
        """Return the row as last written, or nothing."""
        return deepcopy(self._live((table, accepted_key(key))))

    async def get_many(self, table: Table, keys: Sequence[Key]) -> list[Row]:
        """Return those of the rows that exist, in the order of the keys."""
        found = [self._live((table, accepted_key(key))) for key in dict.fromkeys(keys)]
        return [deepcopy(row) for row in found if row is not None]

    async def query(self, query: Query) -> Page:
        """Return a page: `limit` rows, or fewer only where the partition ends."""
        start = start_of(accepted_query(query))
        matching = [
            row
            for (table, _), row in self._seen_by(query).items()
            if table == query.table and self._matches(query, row)
        ]
        matching.sort(key=lambda row: place_in_order(query, row), reverse=query.newest_first)
        following = [row for row in matching if _comes_after(start, query, row)]
        return page_of(query, deepcopy(following[: query.limit + 1]))

    async def apply(self, step: Put | Update | Delete) -> Row | None:
        """Do one write; return the row as it then stands, nothing after a delete."""
        accepted = accepted_step(step)
        self._do([accepted])
        return deepcopy(self._live(place_of(accepted)))

    async def transact(self, steps: Sequence[Step]) -> None:
        """Do all of at most 100 steps on different rows, or none of them."""
        self._do(accepted_steps(steps))

    async def delete_many(self, table: Table, keys: Sequence[Key]) -> None:
        """Remove any number of rows."""
        for place in [(table, accepted_key(key)) for key in keys]:
            self._write(place, None)

    def _do(self, steps: Sequence[Step]) -> None:
        places = [place_of(step) for step in steps]
        rows = [self._live(place) for place in places]
        refuse_where_a_condition_fails(steps, rows)
        after = [row_after(step, row) for step, row in zip(steps, rows, strict=True)]
        for place, row in zip(places, after, strict=True):
            self._write(place, deepcopy(row))

    def _write(self, place: _Place, row: Row | None) -> None:
        self._recent.append((place, self._rows.pop(place, None)))
        if row is not None:
            self._rows[place] = row

    def _live(self, place: _Place) -> Row | None:
        row = self._rows.get(place)
        return row if row is not None and is_live(place[0], row, self._clock.now()) else None

    def _seen_by(self, query: Query) -> dict[_Place, Row]:
        if not query.index:
            return self._rows
        seen: dict[_Place, Row | None] = dict(self._rows)
        seen.update(reversed(self._recent))
        return {place: row for place, row in seen.items() if row is not None}

    def _matches(self, query: Query, row: Row) -> bool:
        sort = row.get(order_names(query)[0])
        return (
            row.get(partition_name(query)) == query.partition
            and isinstance(sort, str)
            and covers(query, sort)
            and is_live(query.table, row, self._clock.now())
        )


def _comes_after(start: tuple[str, ...] | None, query: Query, row: Row) -> bool:
    if start is None:
        return True
    place = place_in_order(query, row)
    return place < start if query.newest_first else place > start
