"""Messages taken out of sight, which can be undone; who follows them follows what was before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from lisa.domain.conflicts import overtaken
from lisa.domain.errors import ConditionFailed, NotFound
from lisa.domain.identity import Principal
from lisa.domain.policy import Verb
from lisa.domain.session import Item, Session
from lisa.stores.sessions.rows import Outline
from lisa.usecases.sessions import CONTENT_BUDGET, MOST_TRIES, ItemPage, Sessions

MOST_STEPS_BACK: Final = 200
LOOKED_AT_ONCE: Final = 100


@dataclass(frozen=True)
class RemovedItems:
    """Removes items of own sessions, restores them, and shows a session without them."""

    sessions: Sessions

    async def remove(self, caller: Principal, session_id: str, item_id: str) -> Item:
        """Take an item out of sight."""
        return await self._hide(caller, session_id, item_id, removed=True)

    async def restore(self, caller: Principal, session_id: str, item_id: str) -> Item:
        """Bring it back where it was."""
        return await self._hide(caller, session_id, item_id, removed=False)

    async def read(
        self,
        caller: Principal,
        session_id: str,
        *,
        newest_first: bool = False,
        limit: int = 100,
        after: int | None = None,
        budget: int = CONTENT_BUDGET,
    ) -> ItemPage:
        """Return items as `Sessions.read` does, without those removed; a page may be short."""
        session = await self.sessions.get(caller, session_id)
        page = await self.sessions.read(
            caller,
            session_id,
            newest_first=newest_first,
            limit=limit,
            after=after,
            budget=budget,
        )
        if not session.has_removed:
            return page
        return replace(page, items=await self._in_sight(session, page.items))

    async def _in_sight(self, session: Session, items: Sequence[Item]) -> list[Item]:
        known = {item.id: Outline(item.id, item.parent_id, item.removed) for item in items}
        for _ in range(MOST_STEPS_BACK):
            unknown = {parent for item in items if (parent := _missing(item, known))}
            if not unknown:
                break
            known |= {each: Outline(each, None, removed=False) for each in unknown}
            known |= await self.sessions.items.outlines(session, sorted(unknown))
        return [
            item.model_copy(update={"parent_id": _parent_in_sight(item.parent_id, known)})
            for item in items
            if not item.removed
        ]

    async def _hide(
        self, caller: Principal, session_id: str, item_id: str, *, removed: bool
    ) -> Item:
        for _ in range(MOST_TRIES):
            session = await self.sessions.get(caller, session_id, Verb.CHANGE)
            item = await self._item(session, item_id)
            hidden = item.model_copy(update={"removed": removed})
            if item.removed == removed:
                return hidden
            named = await self._first_message(session, hidden)
            try:
                await self.sessions.items.hide(session, hidden, named)
            except ConditionFailed:
                continue  # something was said or removed meanwhile
            return hidden
        raise overtaken("the session")

    async def _item(self, session: Session, item_id: str) -> Item:
        marks = await self.sessions.items.marks_of(session, [item_id])
        items = await self.sessions.items.get_many(session, list(marks.values()))
        if not items:
            raise NotFound(
                f"there is no item {item_id} in this session",
                next_step="list the session's items to see which there are",
                code="item_not_found",
            )
        return items[0]

    async def _first_message(self, session: Session, changed: Item) -> str:
        """Return what a session is named by once this item is in sight, or no more."""
        opening = changed.opening()
        if not opening or (changed.removed and opening != session.first_message):
            return session.first_message
        after: int | None = 0
        while after is not None:
            items, after = await self.sessions.items.page(
                session,
                newest_first=False,
                limit=LOOKED_AT_ONCE,
                after=after,
                budget=CONTENT_BUDGET,
            )
            for item in items:
                seen = changed if item.id == changed.id else item
                if not seen.removed and (opening := seen.opening()):
                    return opening
        return ""


def _missing(item: Item, known: dict[str, Outline]) -> str | None:
    """Return the ancestor that must be known to tell whom the item follows."""
    parent = item.parent_id
    while parent in known and known[parent].removed:
        parent = known[parent].parent_id
    return None if parent in known else parent


def _parent_in_sight(parent: str | None, known: dict[str, Outline]) -> str | None:
    while parent in known and known[parent].removed:
        parent = known[parent].parent_id
    return parent
