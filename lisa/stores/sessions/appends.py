"""Appending to sessions: in the session's own order, each item id once, whoever else appends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import uniform
from typing import Final

from lisa.declared.tables import SESSIONS
from lisa.domain.errors import ConditionFailed, Conflict, Invalid, NotFound, Unavailable
from lisa.domain.session import FIRST_MESSAGE_LENGTH, Draft, Item, Session, plain
from lisa.ports.clock import Clock
from lisa.ports.ids import Ids
from lisa.ports.table import ABSENT, Json, Put, Step, Tables, Update, at_version
from lisa.stores.sessions.contents import Contents, Stowed, session_prefix
from lisa.stores.sessions.heads import Heads, activity, head_key, stamp
from lisa.stores.sessions.items import Items
from lisa.stores.sessions.rows import Mark, item_row, mark_row

MOST_TRIES: Final = 60
FIRST_PAUSE: Final = 0.005
LONGEST_PAUSE: Final = 0.25
MOST_AT_ONCE: Final = 10


@dataclass(frozen=True)
class Appends:
    """Adds items; a number is taken on the head in the transaction that stores its item."""

    tables: Tables
    heads: Heads
    items: Items
    contents: Contents
    clock: Clock
    ids: Ids

    async def append(self, owner: str, session_id: str, drafts: Sequence[Draft]) -> list[Item]:
        """Add those drafts whose ids are new; return all of them as they are kept."""
        kept: list[Item] = []
        for start in range(0, len(drafts), MOST_AT_ONCE):
            chunk = drafts[start : start + MOST_AT_ONCE]
            kept += await self._append_chunk(owner, session_id, chunk)
        return kept

    async def _append_chunk(
        self, owner: str, session_id: str, drafts: Sequence[Draft]
    ) -> list[Item]:
        stowed: dict[str, Stowed] = {}
        append_id = self.ids.new("append")
        for attempt in range(MOST_TRIES):
            session = await self._session(owner, session_id)
            prefix = f"{session_prefix(owner, session.uid)}{append_id}/"
            marks = await self._marks_for(session, drafts)
            fresh = _fresh(drafts, marks)
            for draft in fresh:
                if draft.id not in stowed:
                    stowed[draft.id] = await self.contents.stow(prefix, draft.parts)
            try:
                placed = await self._write(session, fresh, stowed)
            except ConditionFailed:
                await self._pause(attempt)
                if await self.heads.get(owner, session_id) is None:
                    await self.contents.discard(prefix)  # deleted meanwhile: leave nothing behind
                continue
            return await self._as_kept(session, drafts, marks, placed)
        raise Unavailable(
            "too many writers append to this session at once", next_step="send it again"
        )

    async def _session(self, owner: str, session_id: str) -> Session:
        session = await self.heads.get(owner, session_id)
        if session is None:
            raise NotFound(f"there is no session {session_id}", code="session_not_found")
        return session

    async def _pause(self, attempt: int) -> None:
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2**attempt)
        await self.clock.sleep(uniform(0, longest))  # noqa: S311 - jitter, not a secret

    async def _marks_for(self, session: Session, drafts: Sequence[Draft]) -> dict[str, Mark]:
        """Look up the ids the drafts bring and name; their parents must be in the session."""
        ids = {draft.id for draft in drafts}
        parents = {draft.parent_id for draft in drafts if draft.parent_id} - ids
        marks = await self.items.marks_of(session, sorted(ids | parents))
        if missing := parents - marks.keys():
            raise Invalid(
                f"parent_id {min(missing)} is not an item of this session",
                next_step="name an item of this session, or leave parent_id out",
                code="unknown_parent",
            )
        return marks

    async def _write(
        self, session: Session, fresh: Sequence[Draft], stowed: Mapping[str, Stowed]
    ) -> list[Item]:
        if not fresh:
            return []
        items = self._in_order(session, fresh)
        steps: list[Step] = [_advance(session, items)]
        for item in items:
            steps.append(Put(SESSIONS, item_row(session.uid, item, stowed[item.id]), ABSENT))
            steps.append(Put(SESSIONS, mark_row(session.uid, item), ABSENT))
        await self.tables.transact(steps)
        return items

    def _in_order(self, session: Session, fresh: Sequence[Draft]) -> list[Item]:
        now = max(self.clock.now(), session.updated)
        items: list[Item] = []
        parent = session.last_item_id
        for place, draft in enumerate(fresh, session.item_count + 1):
            fields = draft.model_dump() | {"parent_id": draft.parent_id or parent}
            items.append(Item(**fields, sequence=place, created=now))
            parent = draft.id
        return items

    async def _as_kept(
        self,
        session: Session,
        drafts: Sequence[Draft],
        marks: Mapping[str, Mark],
        placed: Sequence[Item],
    ) -> list[Item]:
        kept = {item.id: item for item in placed}
        if earlier := [marks[draft.id] for draft in drafts if draft.id not in kept]:
            kept |= {item.id: item for item in await self.items.get_many(session, earlier)}
        return [kept[draft.id] for draft in drafts]


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
