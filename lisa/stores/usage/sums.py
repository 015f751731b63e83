"""Reads sums back: of an hour or a day, for a subject or everybody; and when people called."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from lisa.declared.tables import USAGE
from lisa.domain.errors import Invalid
from lisa.domain.usage_sums import Sums
from lisa.ports.table import MAX_PAGE, Query, Row, Tables
from lisa.stores.usage.rows import (
    EVERYBODY,
    SHARDS,
    Bucket,
    Counted,
    end_of,
    people_partition,
    person_key,
    shard_of,
    start_of,
    sums_partition,
    who,
)

MOST_ROWS: Final = 50_000
NOT_SUMMED: Final = frozenset({"pk", "sk", "start", "who", "token", "model", "expires_at"})


@dataclass(frozen=True)
class Span:
    """Whole hours or days, from the one in which `since` lies to before `until`."""

    bucket: Bucket
    since: datetime
    until: datetime

    def months_or_days(self) -> Iterator[datetime]:
        """Return a moment in each stretch of time that has partitions of its own."""
        moment = start_of(self.bucket, self.since)
        stretch = ""
        while moment < self.until:
            here = sums_partition(self.bucket, moment, "")
            if here != stretch:
                stretch = here
                yield moment
            moment = end_of(self.bucket, moment)

    def covers(self, start: datetime) -> bool:
        """Tell whether this hour or day is meant."""
        return start_of(self.bucket, self.since) <= start < self.until


@dataclass(frozen=True)
class Person:
    """When a subject called first and last, how often, and in which groups it was then."""

    subject: str
    first_seen: str = ""
    last_seen: str = ""
    requests: int = 0
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class UsageSums:
    """Finds sums."""

    tables: Tables

    async def of_subject(self, span: Span, subject: str) -> list[tuple[Counted, Sums]]:
        """Return one subject's sums."""
        shard = str(shard_of(subject))
        return await self._gather(span, [shard], f"{who(subject)}#")

    async def of_each(self, span: Span) -> list[tuple[Counted, Sums]]:
        """Return the sums of every subject."""
        return await self._gather(span, [str(shard) for shard in range(SHARDS)], "")

    async def of_all(self, span: Span) -> list[tuple[Counted, Sums]]:
        """Return sums that don't tell subjects apart."""
        return await self._gather(span, [EVERYBODY], "")

    async def person(self, subject: str) -> Person | None:
        """Return when the subject called, if it ever did."""
        row = await self.tables.get(USAGE, person_key(subject))
        return _person(row) if row else None

    async def people(self) -> AsyncIterator[Person]:
        """Return everybody who ever called."""
        for shard in range(SHARDS):
            query = Query(USAGE, people_partition(shard), limit=MAX_PAGE)
            async for row in self._walk(query):
                yield _person(row)

    async def _gather(
        self, span: Span, shards: list[str], prefix: str
    ) -> list[tuple[Counted, Sums]]:
        found: dict[Counted, Sums] = {}
        read = 0
        for moment in span.months_or_days():
            partitions = [sums_partition(span.bucket, moment, shard) for shard in shards]
            for rows in await asyncio.gather(*(self._all(each, prefix) for each in partitions)):
                read += len(rows)
                _refuse_too_many(read)
                for row in rows:
                    counted = _counted(span.bucket, row)
                    if span.covers(counted.start):
                        found.setdefault(counted, Counter()).update(_sums(row))
        return list(found.items())

    async def _all(self, partition: str, prefix: str) -> list[Row]:
        rows: list[Row] = []
        async for row in self._walk(Query(USAGE, partition, prefix=prefix, limit=MAX_PAGE)):
            rows.append(row)
            _refuse_too_many(len(rows))
        return rows

    async def _walk(self, query: Query) -> AsyncIterator[Row]:
        while True:
            page = await self.tables.query(query)
            for row in page.rows:
                yield row
            if not page.cursor:
                return
            query = replace(query, cursor=page.cursor)


def _refuse_too_many(rows: int) -> None:
    if rows > MOST_ROWS:
        raise Invalid(
            "there is too much usage in that time to be summed up at once",
            next_step="ask for less time, for days in place of hours, or for one subject",
            code="usage_too_much",
        )


def _counted(bucket: Bucket, row: Row) -> Counted:
    start = datetime.fromisoformat(str(row["start"]))
    return Counted(bucket, start, str(row["who"]), str(row["token"]), str(row["model"]))


def _sums(row: Row) -> Sums:
    return Counter(
        {
            name: value
            for name, value in row.items()
            if name not in NOT_SUMMED and isinstance(value, int)
        }
    )


def _person(row: Row) -> Person:
    groups = row.get("groups")
    return Person(
        subject=str(row["sk"]),
        first_seen=str(row.get("first_seen", "")),
        last_seen=str(row.get("last_seen", "")),
        requests=int(str(row.get("requests", 0))),
        groups=tuple(str(group) for group in groups) if isinstance(groups, list) else (),
    )
