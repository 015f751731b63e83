"""OpenAI's Conversations: the caller's sessions, by the same ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from lisa.domain.errors import Invalid, NotFound
from lisa.domain.policy import Verb
from lisa.domain.session import Item, Session
from lisa.domain.turns.conversation import conversation, deleted_conversation, item_list
from lisa.domain.turns.found import RESULTS, without_results
from lisa.domain.turns.inputs import read_input
from lisa.domain.turns.items import to_draft, to_wire
from lisa.domain.turns.shapes import Wire
from lisa.gateway.asked import Asked, PageWanted
from lisa.gateway.reply import Reply
from lisa.ports.ids import Ids
from lisa.usecases.configuration import Switches
from lisa.usecases.removed_items import RemovedItems
from lisa.usecases.sessions import Sessions

MOST_AT_ONCE: Final = 20
MOST_NOTES: Final = 16
LONGEST_NAME: Final = 64
LONGEST_NOTE: Final = 512


@dataclass(frozen=True)
class Conversations:
    """Answers what is asked of `/conversations`."""

    sessions: Sessions
    removed: RemovedItems
    switches: Switches
    ids: Ids

    async def create(self, asked: Asked, reply: Reply) -> None:
        """Start a session."""
        body = await asked.body()
        notes, items = _notes(body), read_input(body.get("items") or [], "items")
        session = await self.sessions.create(asked.caller, configuration={"metadata": notes})
        await self._append(asked, session, items)
        await reply.document(HTTPStatus.OK, conversation(session))

    async def get(self, asked: Asked, reply: Reply) -> None:
        """Show a session."""
        session = await self.sessions.get(asked.caller, asked.name)
        await reply.document(HTTPStatus.OK, conversation(session))

    async def change(self, asked: Asked, reply: Reply) -> None:
        """Take over other notes."""
        notes = _notes(await asked.body())
        session = await self.sessions.get(asked.caller, asked.name, Verb.CHANGE)
        configured = {**session.configuration, "metadata": notes}
        changed = await self.sessions.change(asked.caller, session.id, configuration=configured)
        await reply.document(HTTPStatus.OK, conversation(changed))

    async def delete(self, asked: Asked, reply: Reply) -> None:
        """Delete a session, unless an administrator has switched that off."""
        await self.switches.require("deleteSessionHistory")
        await self.sessions.delete(asked.caller, asked.name)
        await reply.document(HTTPStatus.OK, deleted_conversation(asked.name))

    async def add(self, asked: Asked, reply: Reply) -> None:
        """Append items."""
        asked.refuse_unknown_includes()
        body = await asked.body()
        items = read_input(body.get("items") or [], "items")
        session = await self.sessions.get(asked.caller, asked.name, Verb.CHANGE)
        kept = await self._append(asked, session, items)
        await reply.document(HTTPStatus.OK, item_list(_shown(asked, kept)))

    async def items(self, asked: Asked, reply: Reply) -> None:
        """List items."""
        asked.refuse_unknown_includes()
        session = await self.sessions.get(asked.caller, asked.name)
        items, more = await self._page(asked, session, asked.page())
        await reply.document(HTTPStatus.OK, item_list(_shown(asked, items), has_more=more))

    async def item(self, asked: Asked, reply: Reply) -> None:
        """Show an item."""
        asked.refuse_unknown_includes()
        session = await self.sessions.get(asked.caller, asked.name)
        (shown,) = _shown(asked, [await self._item(session, asked.item)])
        await reply.document(HTTPStatus.OK, shown)

    async def delete_item(self, asked: Asked, reply: Reply) -> None:
        """Take an item out; its owner may take that back."""
        await self.removed.remove(asked.caller, asked.name, asked.item)
        session = await self.sessions.get(asked.caller, asked.name)
        await reply.document(HTTPStatus.OK, conversation(session))

    async def _append(self, asked: Asked, session: Session, items: Sequence[Wire]) -> list[Item]:
        if len(items) > MOST_AT_ONCE:
            raise Invalid(f"items: at most {MOST_AT_ONCE} at once", code="invalid_value")
        drafts = [to_draft(item, response_id=None, new_id=self.ids.new("item")) for item in items]
        return await self.sessions.append(asked.caller, session.id, drafts) if drafts else []

    async def _page(
        self, asked: Asked, session: Session, page: PageWanted
    ) -> tuple[list[Item], bool]:
        """Return items that are in sight, and whether there are more."""
        found: list[Item] = []
        after = (await self._place(session, page.after)) if page.after else None
        while len(found) <= page.limit:
            read = await self.sessions.read(
                asked.caller,
                session.id,
                newest_first=page.newest_first,
                limit=page.limit + 1 - len(found),
                after=after,
            )
            found += [item for item in read.items if not item.removed]
            after = read.after
            if after is None:
                break
        return found[: page.limit], len(found) > page.limit

    async def _place(self, session: Session, item_id: str) -> int:
        marks = await self.sessions.items.marks_of(session, [item_id])
        if item_id not in marks:
            raise _unknown(item_id)
        return marks[item_id].sequence

    async def _item(self, session: Session, item_id: str) -> Item:
        marks = await self.sessions.items.marks_of(session, [item_id])
        items = await self.sessions.items.get_many(session, [*marks.values()])
        if not items or items[0].removed:
            raise _unknown(item_id)
        return items[0]


def _shown(asked: Asked, items: Sequence[Item]) -> list[Wire]:
    """Show items on the wire; searches with their results, if these are asked for."""
    shown = [to_wire(item) for item in items]
    return shown if asked.includes(RESULTS) else without_results(shown)


def _unknown(item_id: str) -> NotFound:
    return NotFound(f"there is no item {item_id[:200]}", code="item_not_found")


def _notes(body: dict[str, Any]) -> dict[str, Any]:
    """Return a conversation's metadata, if it is what OpenAI allows."""
    notes = body.get("metadata") or {}
    fits = (
        isinstance(notes, dict)
        and len(notes) <= MOST_NOTES
        and all(
            len(name) <= LONGEST_NAME and isinstance(note, str) and len(note) <= LONGEST_NOTE
            for name, note in notes.items()
        )
    )
    if not fits:
        raise Invalid(
            f"metadata: should be at most {MOST_NOTES} texts of {LONGEST_NOTE} characters",
            code="invalid_value",
        )
    return dict(notes)
