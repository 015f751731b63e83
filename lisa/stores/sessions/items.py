"""The items of sessions: read in the session's own order, removed in batches."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from lisa.declared.tables import SESSIONS
from lisa.domain.session import Item, Session
from lisa.ports.table import MAX_PAGE, PRESENT, Key, Query, Row, Tables, Update, at_version
from lisa.stores.sessions.contents import Contents, session_prefix
from lisa.stores.sessions.heads import head_key
from lisa.stores.sessions.rows import (
    Mark,
    Outline,
    is_item,
    item_key,
    mark_key,
    partition,
    to_mark,
    to_outline,
    weight,
)
from lisa.stores.sessions.texts import no_text, text_key, text_steps

REMOVED_AT_ONCE: Final = 500


@dataclass(frozen=True)
class Items:
    """Reads and removes items."""

    tables: Tables
    contents: Contents

    async def get_many(self, session: Session, marks: Sequence[Mark]) -> list[Item]:
        """Return the items that these marks stand for."""
        keys = [item_key(session.uid, mark.sequence) for mark in marks]
        return [await self._from_row(row) for row in await self.tables.get_many(SESSIONS, keys)]

    async def marks_of(self, session: Session, ids: Sequence[str]) -> dict[str, Mark]:
        """Return the marks of those ids that are taken."""
        keys = [mark_key(session.uid, item_id) for item_id in ids]
        marks = map(to_mark, await self.tables.get_many(SESSIONS, keys))
        return {mark.id: mark for mark in marks}

    async def marks(self, session: Session) -> list[Mark]:
        """Return what is known of every item of the session, in order; cheap beside the items."""
        found: list[Mark] = []
        query = Query(SESSIONS, partition(session.uid), prefix="mark#", limit=MAX_PAGE)
        while True:
            page = await self.tables.query(query)
            found += map(to_mark, page.rows)
            if not page.cursor:
                return sorted(found, key=lambda mark: mark.sequence)
            query = replace(query, cursor=page.cursor)

    async def page(
        self, session: Session, *, newest_first: bool, limit: int, after: int | None, budget: int
    ) -> tuple[list[Item], int | None]:
        """Return items beyond the one at `after`: one, and more while the budget has bytes for it.

        The second value is where to go on, or nothing at the end.
        """
        first, last = "item#", "item#~"
        if after is not None and newest_first:
            last = item_key(session.uid, after - 1).sk
        elif after is not None:
            first = item_key(session.uid, after + 1).sk
        query = Query(
            SESSIONS, partition(session.uid), first=first, last=last, newest_first=newest_first
        )
        rows, more = await self._within(query, limit, budget)
        items = [await self._from_row(row) for row in rows]
        return items, items[-1].sequence if more else None

    async def _within(self, query: Query, limit: int, budget: int) -> tuple[list[Row], bool]:
        """Collect rows until limit or budget is reached; tell whether there are more."""
        rows: list[Row] = []
        while len(rows) < limit:
            page = await self.tables.query(replace(query, limit=min(limit - len(rows), MAX_PAGE)))
            for row in page.rows:
                budget -= weight(row)
                if budget < 0 and rows:
                    return rows, True
                rows.append(row)
            if not page.cursor:
                return rows, False
            query = replace(query, cursor=page.cursor)
        return rows, True

    async def outlines(self, session: Session, ids: Sequence[str]) -> dict[str, Outline]:
        """Return where these items stand, without what they say."""
        marks = (await self.marks_of(session, ids)).values()
        keys = [item_key(session.uid, mark.sequence) for mark in marks]
        outlines = map(to_outline, await self.tables.get_many(SESSIONS, keys))
        return {outline.id: outline for outline in outlines}

    async def hide(self, session: Session, item: Item, first_message: str) -> None:
        """Keep whether an item is removed, and so found; the session is named by another message.

        Raises `ConditionFailed` where the session is no longer as it was read.
        """
        key = item_key(session.uid, item.sequence)
        found = text_steps(session, [item])
        await self.tables.transact(
            [
                Update(SESSIONS, key, values={"removed": item.removed}, when=PRESENT),
                Update(
                    SESSIONS,
                    head_key(session.owner, session.id),
                    values={"has_removed": True, "first_message": first_message},
                    add={"version": 1},
                    when=at_version(session.revision),
                ),
                *([no_text(session, item)] if item.removed else found),
            ]
        )

    async def _from_row(self, row: Row) -> Item:
        fields = dict(row)
        parts = await self.contents.fetch(fields.pop("parts"))
        metadata = json.loads(str(fields.pop("metadata")))
        return Item.model_validate(fields | {"parts": parts, "metadata": metadata})

    async def remove_some(self, owner: str, uid: str) -> bool:
        """Remove some of a deleted session's rows, at the end its blobs; true when none is left."""
        page = await self.tables.query(Query(SESSIONS, partition(uid), limit=REMOVED_AT_ONCE))
        keys = [Key(str(row["pk"]), str(row["sk"])) for row in page.rows]
        keys += [_text_key(owner, uid, row) for row in page.rows if is_item(row)]
        await self.tables.delete_many(SESSIONS, keys)
        if page.cursor:
            return False
        await self.contents.discard(session_prefix(owner, uid))
        return True


def _text_key(owner: str, uid: str, row: Row) -> Key:
    created = datetime.fromisoformat(str(row["created"]))
    return text_key(owner, uid, created, int(str(row["sequence"])))
