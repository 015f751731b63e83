"""Where the audit lies: a partition per day in order of time, one that lists the days.

| partition    | sort key      | row                                              |
|--------------|---------------|--------------------------------------------------|
| `day#<date>` | `<time>#<id>` | an entry; `actor` is there where we know who     |
| `days`       | `<date>`      | that there are entries of this day               |

Nothing here replaces or removes an entry; only the count of equal refusals in a minute grows.
"""

import json
import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from lisa.declared.tables import AUDIT
from lisa.domain.audit import Entry
from lisa.domain.errors import Invalid
from lisa.ports.table import ABSENT, Key, Put, Query, Row, Tables, Update

DAYS: Final = "days"
DAYS_AT_ONCE: Final = 100
MOST_READ: Final = 5000
PAGE_BYTES: Final = 2 * 1024 * 1024  # an answer on AWS has at most 6 MB, and CSV doubles quotes
ENVELOPE: Final = 1000
CURSOR: Final = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]{8,15}\+00:00#[\w.:-]{1,100}", re.ASCII)


@dataclass(frozen=True)
class Search:
    """Which entries are wanted, newest first; `since` belongs to them, `until` doesn't."""

    limit: int = 100
    cursor: str = ""
    actor: str = ""
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None
    verb: str = ""

    def first(self) -> str:
        """Return the least sort key that may be found."""
        return _stamp(self.since) if self.since else ""

    def last(self) -> str:
        """Return the bound from which to go back."""
        bounds = [self.cursor, _stamp(self.until) if self.until else ""]
        return min((bound for bound in bounds if bound), default="")


@dataclass
class _Found:
    """What a search has found so far."""

    search: Search
    entries: list[Entry] = field(default_factory=list)
    read: int = 0
    size: int = 0
    last: str = ""

    def full(self) -> bool:
        """Tell whether this is a page: all that is wanted, or all the work there may be at once."""
        enough = len(self.entries) >= self.search.limit or self.size >= PAGE_BYTES
        return enough or self.read >= MOST_READ

    def take(self, row: Row) -> None:
        """Look at one row."""
        sort = str(row["sk"])
        if sort == self.search.cursor or self.full():
            return
        self.read += 1
        self.last = sort
        if self.search.kind in {"", row["kind"]} and self.search.verb in {"", row["verb"]}:
            self.size += len(str(row["before"])) + len(str(row["after"])) + ENVELOPE
            self.entries.append(_from_row(row))


@dataclass(frozen=True)
class AuditStore:
    """Keeps entries."""

    tables: Tables
    _opened: set[str] = field(default_factory=set, init=False)

    async def step(self, entry: Entry) -> Put:
        """Return the write of an entry, for a transaction with what it tells of."""
        await self._open(entry.when)
        return Put(AUDIT, _to_row(entry), ABSENT)

    async def add(self, entry: Entry) -> None:
        """Store an entry."""
        await self.tables.apply(await self.step(entry))

    async def count(self, entry: Entry) -> None:
        """Store an entry, or let the count of the one with its id and time grow by its count."""
        await self._open(entry.when)
        row = _to_row(entry)
        key = Key(str(row.pop("pk")), str(row.pop("sk")))
        del row["count"]
        await self.tables.apply(Update(AUDIT, key, values=row, add={"count": entry.count}))

    async def page(self, search: Search) -> tuple[list[Entry], str]:
        """Return entries, and the cursor from which to go on."""
        if search.cursor and not CURSOR.fullmatch(search.cursor):
            raise Invalid(
                "this is no cursor of the audit",
                next_step="send back `next_cursor` as you got it",
                code="bad_cursor",
            )
        found = _Found(search)
        if search.actor:
            await self._read(search.actor, "by_actor", found)
        else:
            await self._read_days(found)
        return found.entries, found.last if found.full() else ""

    async def _read_days(self, found: _Found) -> None:
        days = Query(
            AUDIT,
            DAYS,
            first=found.search.first()[:10],
            last=found.search.last()[:10],
            newest_first=True,
            limit=DAYS_AT_ONCE,
        )
        while True:
            page = await self.tables.query(days)
            for row in page.rows:
                if found.full():
                    return
                await self._read(f"day#{row['sk']}", "", found)
            if not page.cursor:
                return
            days = replace(days, cursor=page.cursor)

    async def _read(self, partition: str, index: str, found: _Found) -> None:
        """Read one partition backwards until the page is full or the stretch ends."""
        search = found.search
        query = Query(
            AUDIT,
            partition,
            index=index,
            first=search.first(),
            last=search.last(),
            newest_first=True,
            limit=min(search.limit + 1, 1000),
        )
        while not found.full():
            page = await self.tables.query(query)
            for row in page.rows:
                found.take(row)
            if not page.cursor:
                return
            query = replace(query, cursor=page.cursor)

    async def _open(self, when: datetime) -> None:
        """Note, once per process, that there are entries of this day."""
        day = _stamp(when)[:10]
        if day not in self._opened:
            await self.tables.apply(Put(AUDIT, {"pk": DAYS, "sk": day}))
            self._opened.add(day)


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")


def _to_row(entry: Entry) -> Row:
    stamp = _stamp(entry.when)
    kept: Row = entry.model_dump(mode="json")
    sort = f"{stamp}#{entry.id}"
    row = kept | {
        "pk": f"day#{stamp[:10]}",
        "sk": sort,
        "when": stamp,
        "before": json.dumps(entry.before),
        "after": json.dumps(entry.after),
    }
    return row | {"actor": entry.who, "at": sort} if entry.who else row


def _from_row(row: Row) -> Entry:
    kept = {name: row[name] for name in Entry.model_fields if name in row}
    states = {name: json.loads(str(row[name])) for name in ("before", "after")}
    return Entry.model_validate(kept | states)
