"""Reads calls back, newest first: one subject's over the index, everybody's shard by shard.

A page is in exact order; from one to the next, calls of the same second may change places.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from heapq import merge
from typing import Final

from lisa.declared.tables import USAGE
from lisa.domain.errors import Invalid
from lisa.domain.usage import Call
from lisa.domain.usage_sums import ended_at
from lisa.ports.table import Page, Query, Row, Tables
from lisa.stores.usage.rows import (
    SHARDS,
    calls_of,
    calls_partition,
    end_of,
    stamp,
    start_of,
)

ROWS_AT_ONCE: Final = 5  # of up to 500 calls each
MOST_ROWS: Final = 400  # that one page looks through, however few of their calls are wanted
CURSOR: Final = re.compile(r"(([^#]{32})#[\w.-]{1,200}#\d{1,3})~(\d{1,3})", re.ASCII)


@dataclass(frozen=True)
class CallSearch:
    """Which calls are wanted: those that ended from `since` on and before `until`."""

    since: datetime
    until: datetime
    subject: str = ""
    model: str = ""
    token: str = ""
    limit: int = 100
    cursor: str = ""

    def wants(self, call: Call) -> bool:
        """Tell whether this one is meant."""
        return (
            self.since <= ended_at(call) < self.until
            and self.model in {"", call.model}
            and self.token in {"", call.token_id}
        )


@dataclass
class _Found:
    """What a search has found so far; `cursor` is where it stands."""

    search: CallSearch
    calls: list[Call] = field(default_factory=list)
    rows: int = 0
    cursor: str = ""

    def is_full(self) -> bool:
        return len(self.calls) >= self.search.limit or self.rows >= MOST_ROWS

    def page(self) -> tuple[list[Call], str]:
        """Return what was found, and where to go on."""
        return sorted(self.calls, key=ended_at, reverse=True), self.cursor

    def take(self, row: Row, after: int) -> None:
        """Take what is wanted of a row, from a place in it on."""
        self.rows += 1
        for place, call in enumerate(calls_of(row)[after:], after + 1):
            if len(self.calls) >= self.search.limit:
                return
            if self.search.wants(call):
                self.calls.append(call)
            self.cursor = f"{row['sk']}~{place}"


@dataclass(frozen=True)
class UsageRecords:
    """Finds calls."""

    tables: Tables

    async def page(self, search: CallSearch) -> tuple[list[Call], str]:
        """Return calls, and the cursor from which to go on; a page may hold fewer than asked."""
        stands_at, after = _read_cursor(search.cursor)
        found = _Found(search)
        async for row in self._rows(search, stands_at):
            if found.is_full():
                return found.page()
            found.take(row, after if row["sk"] == stands_at else 0)
        if len(found.calls) < search.limit:
            found.cursor = ""
        return found.page()

    async def _rows(self, search: CallSearch, stands_at: str) -> AsyncIterator[Row]:
        """Return rows, newest first; a row's time is that of its newest call, in the same hour."""
        last = stamp(end_of("hour", start_of("hour", search.until)))
        bounds = Query(
            USAGE,
            search.subject or "-",
            first=stamp(search.since),
            last=min(stands_at, last) if stands_at else last,
            newest_first=True,
            limit=ROWS_AT_ONCE,
        )
        if search.subject:
            async for row in self._walk(replace(bounds, index="by_subject")):
                yield row
            return
        for date in _dates(bounds.first, bounds.last):
            async for row in self._day(bounds, date):
                yield row

    async def _day(self, bounds: Query, date: str) -> AsyncIterator[Row]:
        """Merge a day's shards: each time only down to where all of them have been read."""
        queries = [replace(bounds, partition=calls_partition(date, n)) for n in range(SHARDS)]
        while queries:
            pages = await asyncio.gather(*(self.tables.query(query) for query in queries))
            reached = max((str(page.rows[-1]["sk"]) for page in pages if page.cursor), default="")
            for row in merge(*(page.rows for page in pages), key=_sort, reverse=True):
                if _sort(row) >= reached:
                    yield row
            queries = [*_following(queries, pages, reached)]

    async def _walk(self, query: Query) -> AsyncIterator[Row]:
        while True:
            page = await self.tables.query(query)
            for row in page.rows:
                yield row
            if not page.cursor:
                return
            query = replace(query, cursor=page.cursor)


def _following(queries: list[Query], pages: list[Page], reached: str) -> Iterator[Query]:
    """Go on below what was reached, in each shard that has more there."""
    for query, page in zip(queries, pages, strict=True):
        left = [row for row in page.rows if _sort(row) < reached]
        if left:
            yield replace(query, last=_sort(left[0]), cursor="")
        elif page.cursor:
            yield replace(query, cursor=page.cursor)


def _sort(row: Row) -> str:
    return str(row["sk"])


def _dates(first: str, last: str) -> Iterator[str]:
    day = datetime.fromisoformat(f"{last[:10]}T00:00:00+00:00")
    while f"{day:%Y-%m-%d}" >= first[:10]:
        yield f"{day:%Y-%m-%d}"
        day -= timedelta(days=1)


def _read_cursor(cursor: str) -> tuple[str, int]:
    if not cursor:
        return "", 0
    read = CURSOR.fullmatch(cursor)
    if read is None or not _is_stamp(read[2]):
        raise Invalid(
            "this is no cursor of these calls",
            next_step="send back `next_cursor` as you got it",
            code="bad_cursor",
        )
    return read[1], int(read[3])


def _is_stamp(text: str) -> bool:
    try:
        return stamp(datetime.fromisoformat(text)) == text
    except ValueError:
        return False
