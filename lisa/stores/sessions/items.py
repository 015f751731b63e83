"""The items of sessions: appended in the session's own order, each id once."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import uniform
from typing import Final

from lisa.declared.tables import SESSIONS
from lisa.domain.errors import ConditionFailed, Conflict, Invalid, NotFound, Unavailable
from lisa.domain.session import FIRST_MESSAGE_LENGTH, Draft, Item, Session, plain
from lisa.ports.clock import Clock
from lisa.ports.table import (
    ABSENT,
    MAX_PAGE,
    Json,
    Key,
    Put,
    Query,
    Row,
    Step,
    Tables,
    Update,
    at_version,
)
from lisa.stores.sessions.contents import Contents, Stowed, session_prefix
from lisa.stores.sessions.heads import Heads, activity, head_key, stamp

MOST_TRIES: Final = 60
LONGEST_PAUSE: Final = 0.25
MOST_AT_ONCE: Final = 10
REMOVED_AT_ONCE: Final = 500
ENVELOPE: Final = 400


@dataclass(frozen=True)
class Mark:
    """That an item id is taken: by which place in the order, and by what content."""

    id: str
    sequence: int
    digest: str


@dataclass(frozen=True)
class Items:
    """Keeps items."""

    tables: Tables
    heads: Heads
    contents: Contents
    clock: Clock

    async def append(self, owner: str, session_id: str, drafts: Sequence[Draft]) -> list[Item]:
        """Add those drafts whose ids are new; return all of them as they are kept."""
        items: list[Item] = []
        for start in range(0, len(drafts), MOST_AT_ONCE):
            chunk = drafts[start : start + MOST_AT_ONCE]
            items += await self._append_chunk(owner, session_id, chunk)
        return items

    async def _append_chunk(
        self, owner: str, session_id: str, drafts: Sequence[Draft]
    ) -> list[Item]:
        stowed: dict[str, Stowed] = {}
        prefix = ""
        for attempt in range(MOST_TRIES):
            session = await self.heads.get(owner, session_id)
            if session is None:
                await self._discard(prefix)
                raise NotFound(f"there is no session {session_id}", code="session_not_found")
            marks = await self._marks_for(session, drafts)
            fresh = _fresh(drafts, marks)
            prefix = prefix or self._new_prefix(session)
            for draft in fresh:
                if draft.id not in stowed:
                    stowed[draft.id] = await self.contents.stow(prefix, draft.parts)
            try:
                placed = await self._write(session, fresh, stowed)
            except ConditionFailed:
                pause = min(LONGEST_PAUSE, 0.005 * 2**attempt)
                await self.clock.sleep(uniform(0, pause))  # noqa: S311 - jitter, not a secret
                continue
            return await self._as_kept(session, drafts, marks, placed)
        raise Unavailable(
            "too many writers append to this session at once", next_step="send it again"
        )

    def _new_prefix(self, session: Session) -> str:
        append_id = self.contents.ids.new("append")
        return f"{session_prefix(session.owner, session.uid)}{append_id}/"

    async def _discard(self, prefix: str) -> None:
        if prefix:
            await self.contents.discard(prefix)

    async def _write(
        self, session: Session, fresh: Sequence[Draft], stowed: Mapping[str, Stowed]
    ) -> list[Item]:
        if not fresh:
            return []
        now = max(self.clock.now(), session.updated)
        parent = session.last_item_id
        items: list[Item] = []
        for place, draft in enumerate(fresh, session.item_count + 1):
            fields = draft.model_dump() | {"parent_id": draft.parent_id or parent}
            items.append(Item(**fields, sequence=place, created=now))
            parent = draft.id
        steps: list[Step] = [_advance(session, items)]
        for item in items:
            steps.append(Put(SESSIONS, _to_row(session.uid, item, stowed[item.id]), ABSENT))
            steps.append(Put(SESSIONS, _mark_row(session.uid, item), ABSENT))
        await self.tables.transact(steps)
        return items

    async def _as_kept(
        self,
        session: Session,
        drafts: Sequence[Draft],
        marks: Mapping[str, Mark],
        placed: Sequence[Item],
    ) -> list[Item]:
        kept = {item.id: item for item in placed}
        earlier = [marks[draft.id] for draft in drafts if draft.id not in kept]
        keys = [_item_key(session.uid, mark.sequence) for mark in earlier]
        for row in await self.tables.get_many(SESSIONS, keys):
            item = await self._from_row(row)
            kept[item.id] = item
        return [kept[draft.id] for draft in drafts]

    async def _marks_for(self, session: Session, drafts: Sequence[Draft]) -> dict[str, Mark]:
        """Look up the ids the drafts bring and name; their parents must be in the session."""
        ids = {draft.id for draft in drafts}
        parents = {draft.parent_id for draft in drafts if draft.parent_id} - ids
        keys = [_mark_key(session.uid, item_id) for item_id in sorted(ids | parents)]
        rows = await self.tables.get_many(SESSIONS, keys)
        marks = {mark.id: mark for mark in map(_to_mark, rows)}
        if missing := parents - marks.keys():
            raise Invalid(
                f"parent_id {min(missing)} is not an item of this session",
                next_step="name an item of this session, or leave parent_id out",
                code="unknown_parent",
            )
        return marks

    async def marks(self, session: Session) -> list[Mark]:
        """Return what is known of every item of the session, in order; cheap beside the items."""
        marks = [_to_mark(row) async for row in self._rows(session.uid, "mark#")]
        return sorted(marks, key=lambda mark: mark.sequence)

    async def _rows(self, uid: str, prefix: str) -> AsyncIterator[Row]:
        cursor = ""
        while True:
            query = Query(SESSIONS, _partition(uid), prefix=prefix, limit=MAX_PAGE, cursor=cursor)
            page = await self.tables.query(query)
            for row in page.rows:
                yield row
            cursor = page.cursor
            if not cursor:
                return

    async def page(
        self, session: Session, *, newest_first: bool, limit: int, after: int | None, budget: int
    ) -> tuple[list[Item], int | None]:
        """Return items beyond the one at `after`: one, and more while the budget has bytes for it.

        The second value is where to go on, or nothing at the end.
        """
        first = "" if newest_first or after is None else _item_key(session.uid, after + 1).sk
        last = _item_key(session.uid, after - 1).sk if newest_first and after is not None else ""
        query = Query(
            SESSIONS,
            _partition(session.uid),
            first=first or "item#",
            last=last or "item#~",
            newest_first=newest_first,
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
                budget -= _weight(row)
                if budget < 0 and rows:
                    return rows, True
                rows.append(row)
            if not page.cursor:
                return rows, False
            query = replace(query, cursor=page.cursor)
        return rows, True

    async def _from_row(self, row: Row) -> Item:
        fields = dict(row)
        parts = await self.contents.fetch(fields.pop("parts"))
        metadata = json.loads(str(fields.pop("metadata")))
        return Item.model_validate(fields | {"parts": parts, "metadata": metadata})

    async def remove_some(self, owner: str, uid: str) -> bool:
        """Remove some of a deleted session's rows, at the end its blobs; true when none is left."""
        page = await self.tables.query(Query(SESSIONS, _partition(uid), limit=REMOVED_AT_ONCE))
        keys = [Key(str(row["pk"]), str(row["sk"])) for row in page.rows]
        await self.tables.delete_many(SESSIONS, keys)
        if page.cursor:
            return False
        await self.contents.discard(session_prefix(owner, uid))
        return True


def _fresh(drafts: Sequence[Draft], marks: Mapping[str, Mark]) -> list[Draft]:
    for draft in drafts:
        mark = marks.get(draft.id)
        if mark and mark.digest != draft.digest():
            raise Conflict(
                f"item {draft.id} is in this session with another content",
                next_step="give the new item an id of its own",
                code="item_id_taken",
            )
    return [draft for draft in drafts if draft.id not in marks]


def _weight(row: Row) -> int:
    """Estimate how many bytes an item is when shown."""
    return int(str(row["size"])) + len(str(row["metadata"])) + ENVELOPE


def _advance(session: Session, items: Sequence[Item]) -> Update:
    updated = items[-1].created
    values: dict[str, Json] = {
        "updated": stamp(updated),
        "activity": activity(session.id, updated),
        "last_item_id": items[-1].id,
    }
    said = next((item.text() for item in items if item.role == "user" and item.text()), "")
    if said and not session.first_message:
        values["first_message"] = plain(said)[:FIRST_MESSAGE_LENGTH]
    return Update(
        SESSIONS,
        head_key(session.owner, session.id),
        values=values,
        add={"version": 1, "item_count": len(items)},
        when=at_version(session.revision),
    )


def _partition(uid: str) -> str:
    return f"items#{uid}"


def _item_key(uid: str, sequence: int) -> Key:
    return Key(_partition(uid), f"item#{sequence:012d}")


def _mark_key(uid: str, item_id: str) -> Key:
    return Key(_partition(uid), f"mark#{item_id}")


def _to_row(uid: str, item: Item, stowed: Stowed) -> Row:
    key = _item_key(uid, item.sequence)
    kept: Row = item.model_dump(mode="json", exclude={"parts", "metadata"}, exclude_none=True)
    return kept | {
        "pk": key.pk,
        "sk": key.sk,
        "parts": stowed.parts,
        "size": stowed.size,
        "metadata": json.dumps(item.metadata),
    }


def _mark_row(uid: str, item: Item) -> Row:
    key = _mark_key(uid, item.id)
    return {
        "pk": key.pk,
        "sk": key.sk,
        "id": item.id,
        "sequence": item.sequence,
        "digest": item.digest(),
    }


def _to_mark(row: Row) -> Mark:
    return Mark(id=str(row["id"]), sequence=int(str(row["sequence"])), digest=str(row["digest"]))
