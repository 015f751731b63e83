"""Appending to sessions: in the session's own order, each item id once, whoever else appends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import uniform
from typing import Final

from lisa.declared.tables import SESSIONS
from lisa.domain.errors import ConditionFailed, Conflict, Invalid, NotFound, Unavailable
from lisa.domain.session import Draft, Item, Session
from lisa.ports.clock import Clock
from lisa.ports.ids import Ids
from lisa.ports.table import ABSENT, Put, Step, Tables
from lisa.stores.sessions.contents import Contents, Stowed, session_prefix
from lisa.stores.sessions.heads import Heads, advancing, from_row, head_key
from lisa.stores.sessions.items import Items
from lisa.stores.sessions.rows import Mark, item_row, mark_key, mark_row, to_mark
from lisa.stores.sessions.texts import text_steps

MOST_TRIES: Final = 60
FIRST_PAUSE: Final = 0.005
LONGEST_PAUSE: Final = 0.25
MOST_AT_ONCE: Final = 10


@dataclass(frozen=True)
class Known:
    """A session as it was read, with the marks of the ids in question.

    One of revision 0 isn't there yet: it is made with its first items.
    """

    session: Session
    marks: Mapping[str, Mark]


@dataclass(frozen=True)
class Appends:
    """Adds items; a number is taken on the head in the transaction that stores its item."""

    tables: Tables
    heads: Heads
    items: Items
    contents: Contents
    clock: Clock
    ids: Ids

    async def append(
        self, owner: str, session_id: str, drafts: Sequence[Draft], *, at_root: bool = False
    ) -> list[Item]:
        """Add those drafts whose ids are new; return all of them as they are kept.

        The first one follows the session's last item if it names no parent, unless `at_root`.
        """
        if not drafts:
            return []
        session = await self.heads.get(owner, session_id)
        if session is None:
            raise _unknown(session_id)
        ids = _ids_of(drafts[:MOST_AT_ONCE])
        known = Known(session, await self.items.marks_of(session, ids))
        return await self.append_to(known, drafts, at_root=at_root)

    async def append_to(
        self,
        known: Known,
        drafts: Sequence[Draft],
        beside: Sequence[Step] = (),
        *,
        at_root: bool = False,
    ) -> list[Item]:
        """Add to a session that was just read; do `beside` in the transaction of the last items.

        Raises `ConditionFailed` where `beside` can't be done: then those items aren't added either.
        """
        kept: list[Item] = []
        left = list(drafts)
        while len(left) > MOST_AT_ONCE:
            chunk, left = left[:MOST_AT_ONCE], left[MOST_AT_ONCE:]
            kept += await self._append(known, chunk, (), at_root=at_root and not kept)
            known = await self._again(known, left[:MOST_AT_ONCE])
        return kept + await self._append(known, left, beside, at_root=at_root and not kept)

    async def read(self, owner: str, session_id: str, uid: str, drafts: Sequence[Draft]) -> Known:
        """Read what there is to know before appending the first of these, all at once."""
        head = head_key(owner, session_id)
        keys = [mark_key(uid, item_id) for item_id in _ids_of(drafts[:MOST_AT_ONCE])]
        rows = await self.tables.get_many(SESSIONS, [head, *keys])
        if not rows or rows[0]["sk"] != head.sk or rows[0]["uid"] != uid:
            raise _unknown(session_id)
        return Known(from_row(rows[0]), {mark.id: mark for mark in map(to_mark, rows[1:])})

    async def _again(self, known: Known, drafts: Sequence[Draft]) -> Known:
        session = known.session
        return await self.read(session.owner, session.id, session.uid, drafts)

    async def _append(
        self, known: Known, drafts: Sequence[Draft], beside: Sequence[Step], *, at_root: bool
    ) -> list[Item]:
        stowed: dict[str, Stowed] = {}
        owner, uid = known.session.owner, known.session.uid
        prefix = f"{session_prefix(owner, uid)}{self.ids.new('append')}/"
        for attempt in range(MOST_TRIES):
            fresh = _fresh(drafts, known.marks)
            for draft in fresh:
                if draft.id not in stowed:
                    stowed[draft.id] = await self.contents.stow(prefix, draft.parts)
            items = self._in_order(known.session, fresh, at_root=at_root)
            try:
                await self._write(known.session, items, stowed, beside)
            except ConditionFailed as failure:
                if min(failure.failed) < len(beside):
                    raise
                await self._pause(attempt)
            else:
                return await self._as_kept(known, drafts, items)
            try:
                known = await self._again(known, drafts)
            except NotFound:
                await self.contents.discard(prefix)  # deleted meanwhile: leave nothing behind
                raise
        raise Unavailable(
            "too many writers append to this session at once", next_step="send it again"
        )

    async def _pause(self, attempt: int) -> None:
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2**attempt)
        await self.clock.sleep(uniform(0, longest))  # noqa: S311 - jitter, not a secret

    async def _write(
        self,
        session: Session,
        items: Sequence[Item],
        stowed: Mapping[str, Stowed],
        beside: Sequence[Step],
    ) -> None:
        steps = [*beside]
        if items or not session.revision:
            steps += advancing(session, _advanced(session, items))
        for item in items:
            steps.append(Put(SESSIONS, item_row(session.uid, item, stowed[item.id]), ABSENT))
            steps.append(Put(SESSIONS, mark_row(session.uid, item), ABSENT))
        steps += text_steps(session, items)
        if steps:
            await self.tables.transact(steps)

    def _in_order(self, session: Session, fresh: Sequence[Draft], *, at_root: bool) -> list[Item]:
        now = max(self.clock.now(), session.updated)
        items: list[Item] = []
        parent = None if at_root else session.last_item_id
        for place, draft in enumerate(fresh, session.item_count + 1):
            fields = draft.model_dump() | {"parent_id": draft.parent_id or parent}
            items.append(Item(**fields, sequence=place, created=now))
            parent = draft.id
        return items

    async def _as_kept(
        self, known: Known, drafts: Sequence[Draft], placed: Sequence[Item]
    ) -> list[Item]:
        kept = {item.id: item for item in placed}
        if earlier := [known.marks[draft.id] for draft in drafts if draft.id not in kept]:
            found = await self.items.get_many(known.session, earlier)
            kept |= {item.id: item for item in found}
        return [kept[draft.id] for draft in drafts]


def _ids_of(drafts: Sequence[Draft]) -> list[str]:
    """Return the ids that drafts bring and name."""
    return sorted({name for draft in drafts for name in (draft.id, draft.parent_id) if name})


def _fresh(drafts: Sequence[Draft], marks: Mapping[str, Mark]) -> list[Draft]:
    """Return the drafts whose ids are new; their parents must be in the session."""
    ids = {draft.id for draft in drafts}
    parents = {draft.parent_id for draft in drafts if draft.parent_id} - ids
    if missing := parents - marks.keys():
        raise Invalid(
            f"parent_id {min(missing)} is not an item of this session",
            next_step="name an item of this session, or leave parent_id out",
            code="unknown_parent",
        )
    for draft in drafts:
        mark = marks.get(draft.id)
        if mark and mark.digest != draft.digest():
            raise Conflict(
                f"item {draft.id} is in this session with another content",
                next_step="give the new item an id of its own",
                code="item_id_taken",
            )
    return [draft for draft in drafts if draft.id not in marks]


def _advanced(session: Session, items: Sequence[Item]) -> Session:
    """Return a session as it is with these items."""
    if not items:
        return session.model_copy(update={"revision": session.revision + 1})
    said = next((opening for item in items if (opening := item.opening())), "")
    return session.model_copy(
        update={
            "updated": items[-1].created,
            "last_item_id": items[-1].id,
            "item_count": session.item_count + len(items),
            "revision": session.revision + 1,
            "first_message": session.first_message or said,
        }
    )


def _unknown(session_id: str) -> NotFound:
    return NotFound(f"there is no session {session_id}", code="session_not_found")
