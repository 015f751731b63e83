"""What a caller can do with chat sessions. Everybody reaches only the own ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from pydantic import JsonValue

from lisa.domain.conflicts import outdated, overtaken
from lisa.domain.errors import ConditionFailed, Invalid, NotFound
from lisa.domain.identity import Principal
from lisa.domain.policy import Kind, Thing, Verb, require
from lisa.domain.session import Draft, Item, Session
from lisa.domain.session_configuration import accepted
from lisa.ports.clock import Clock
from lisa.ports.ids import Ids
from lisa.ports.table import Step
from lisa.stores.sessions.appends import Appends, Known
from lisa.stores.sessions.heads import Heads, Removal
from lisa.stores.sessions.items import Items

CONTENT_BUDGET: Final = 4 * 1024 * 1024
PATIENCE_WITH_REMOVAL: Final = timedelta(seconds=2)
MOST_TRIES: Final = 20


@dataclass(frozen=True)
class ItemPage:
    """Items in order, and the sequence number behind which to go on, if there are more."""

    items: list[Item]
    after: int | None


@dataclass(frozen=True)
class Sessions:
    """The use cases of the noun."""

    heads: Heads
    items: Items
    appends: Appends
    clock: Clock
    ids: Ids

    async def create(
        self,
        caller: Principal,
        *,
        session_id: str | None = None,
        name: str = "",
        configuration: dict[str, JsonValue] | None = None,
        listed: bool = True,
    ) -> Session:
        """Start a session, under the caller's id for it or a new one."""
        _require(caller, Verb.CREATE)
        accepted(configuration or {})
        now = self.clock.now()
        session = Session(
            id=session_id or self.ids.new("session"),
            uid=self.ids.new("s"),
            owner=caller.subject,
            name=name,
            configuration=configuration or {},
            created=now,
            updated=now,
            listed=listed,
        )
        await self.heads.create(session)
        return session

    async def get(self, caller: Principal, session_id: str, verb: Verb = Verb.READ) -> Session:
        """Return the caller's session, to do this with it; other people's are not there."""
        _require(caller, verb)
        session = await self.heads.get(caller.subject, session_id)
        if session is None:
            raise NotFound(
                f"there is no session {session_id}",
                next_step="list your sessions to see which there are",
                code="session_not_found",
            )
        return session

    async def page(
        self, caller: Principal, *, limit: int, cursor: str
    ) -> tuple[list[Session], str]:
        """List the caller's sessions, last changed first."""
        _require(caller, Verb.LIST)
        return await self.heads.page(caller.subject, limit, cursor)

    async def change(
        self,
        caller: Principal,
        session_id: str,
        *,
        name: str | None = None,
        configuration: dict[str, JsonValue] | None = None,
        version: int | None = None,
    ) -> Session:
        """Rename or configure; with a version, only if nobody did so meanwhile."""
        _require(caller, Verb.CHANGE)
        accepted(configuration or {})
        wanted = {"name": name, "configuration": configuration}
        values = {field: value for field, value in wanted.items() if value is not None}
        for _ in range(MOST_TRIES):
            session = await self.get(caller, session_id)
            if version is not None and version != session.version:
                raise outdated(f"the session {session_id}", session.version)
            now = max(self.clock.now(), session.updated)
            changed = session.model_copy(update=values | {"updated": now})
            if not values:
                return session
            try:
                return await self.heads.change(session, changed)
            except ConditionFailed:
                continue
        raise overtaken("the session")

    async def append(
        self,
        caller: Principal,
        session_id: str,
        drafts: Sequence[Draft],
        *,
        at_root: bool = False,
    ) -> list[Item]:
        """Add items in this order; an id that is there already is that very item.

        The first one follows the session's last item if it names no parent, unless `at_root`.
        """
        _require(caller, Verb.CHANGE)
        return await self.appends.append(
            caller.subject, session_id, _each_once(drafts), at_root=at_root
        )

    async def append_to(
        self,
        caller: Principal,
        known: Known,
        drafts: Sequence[Draft],
        beside: Sequence[Step],
        *,
        at_root: bool,
    ) -> list[Item]:
        """Add items to the caller's session as it was just read, or make it with them.

        What is to be done `beside` is done in the same transaction.
        """
        _require(caller, Verb.CHANGE if known.session.revision else Verb.CREATE)
        return await self.appends.append_to(known, _each_once(drafts), beside, at_root=at_root)

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
        """Return items in their order, or backwards from the newest; at most 4 MB at once.

        Those that were removed are among them: what follows them names them.
        """
        session = await self.get(caller, session_id)
        items, go_on = await self.items.page(
            session, newest_first=newest_first, limit=limit, after=after, budget=budget
        )
        return ItemPage(items, go_on)

    async def delete(self, caller: Principal, session_id: str) -> None:
        """Delete the session: gone at once, its content right after."""
        session = await self.get(caller, session_id, Verb.DELETE)
        now = self.clock.now()
        try:
            await self.heads.bury([session], now)
        except ConditionFailed:
            return  # somebody else deleted it between our two steps
        removal = Removal(session.owner, session.id, session.uid, now)
        await self._remove_content(removal, PATIENCE_WITH_REMOVAL)

    async def delete_all(self, caller: Principal) -> int:
        """Delete every session of the caller; the content is removed in the background."""
        _require(caller, Verb.DELETE)
        count = 0
        while sessions := await self.heads.some(caller.subject):
            try:
                await self.heads.bury(sessions, self.clock.now())
            except ConditionFailed:
                continue  # one of them was deleted meanwhile: look again
            count += len(sessions)
        return count

    async def _remove_content(self, removal: Removal, patience: timedelta) -> None:
        stop = self.clock.now() + patience
        while not await self.items.remove_some(removal.owner, removal.uid):
            if self.clock.now() >= stop:
                return  # the sweeper goes on


def _each_once(drafts: Sequence[Draft]) -> list[Draft]:
    """Return each item once, if parents come first and no id stands for two items."""
    once: dict[str, Draft] = {}
    coming = {draft.id for draft in drafts}
    for draft in drafts:
        if draft.parent_id in coming:
            raise Invalid(
                f"item {draft.id} comes before its parent {draft.parent_id}",
                next_step="send parents first",
                code="unknown_parent",
            )
        coming.discard(draft.id)
        if once.setdefault(draft.id, draft).digest() != draft.digest():
            raise Invalid(
                f"the id {draft.id} stands for two different items in one request",
                next_step="give each item an id of its own",
            )
    return list(once.values())


def _require(caller: Principal, verb: Verb) -> None:
    """Ask for what is only ever done to sessions found under the caller's own name."""
    require(caller, verb, Thing(Kind.SESSION, owner=caller.subject))
