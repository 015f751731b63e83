"""LISA's way of saving a chat: the whole history in one request, merged into what is kept.

A posted message is one we keep if it bears its id, else if it is the n-th of the same role and
content in the posted history and we keep at least n of those. Everything else is appended in posted
order; nothing is removed, so two tabs lose nothing and the same request twice changes nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from lisa.domain.errors import Conflict, NotFound
from lisa.domain.identity import Principal
from lisa.domain.session import Draft, Message, Session
from lisa.domain.session_configuration import accepted
from lisa.stores.sessions.rows import Mark
from lisa.usecases.sessions import Sessions


@dataclass(frozen=True)
class Posted:
    """A message as posted: many clients give no id."""

    id: str | None
    message: Message


@dataclass(frozen=True)
class History:
    """Saves whole histories."""

    sessions: Sessions

    async def session_for(self, caller: Principal, session_id: str) -> Session:
        """Return the session of that id; LISA's clients create one by saving to it."""
        try:
            return await self.sessions.get(caller, session_id)
        except NotFound:
            pass
        try:
            return await self.sessions.create(caller, session_id=session_id)
        except Conflict:  # another tab was faster
            return await self.sessions.get(caller, session_id)

    async def save(
        self,
        caller: Principal,
        session: Session,
        posted: Sequence[Posted],
        *,
        name: str | None = None,
        configuration: dict[str, JsonValue] | None = None,
    ) -> None:
        """Append what the session lacks; take over another name or configuration."""
        configured = None if configuration == session.configuration else configuration
        accepted(configured or {})  # before anything is kept
        marks = await self.sessions.items.marks(session)
        await self.sessions.append(caller, session.id, to_append(posted, marks))
        renamed = None if name == session.name else name
        await self.sessions.change(caller, session.id, name=renamed, configuration=configured)


def to_append(posted: Sequence[Posted], marks: Sequence[Mark]) -> list[Draft]:
    """Return what is posted and not kept, each following the message posted before it."""
    ids = {mark.id for mark in marks}
    kept: defaultdict[str, list[str]] = defaultdict(list)
    for mark in marks:
        kept[mark.digest].append(mark.id)
    seen: Counter[str] = Counter()
    drafts: list[Draft] = []
    parent: str | None = None
    for one in posted:
        digest = one.message.digest()
        occurrence = seen[digest]
        seen[digest] += 1
        item_id = one.id or _nth(kept[digest], digest, occurrence)
        if item_id not in ids:
            ids.add(item_id)
            fields = one.message.model_dump() | {"parent_id": parent}
            drafts.append(Draft(**fields, id=item_id))
        parent = item_id
    return drafts


def _nth(kept: Sequence[str], digest: str, occurrence: int) -> str:
    """Name the n-th message of this content: as it is kept, else the same at every try."""
    if occurrence < len(kept):
        return kept[occurrence]
    return f"h{digest[:40]}.{occurrence}"
