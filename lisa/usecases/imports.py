"""Taking in a session that was exported from a LISA, page by page, branches included."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from lisa.domain.errors import Conflict, Invalid, NotFound
from lisa.domain.identity import Principal
from lisa.domain.session import Draft, Session
from lisa.usecases.sessions import Sessions


@dataclass(frozen=True)
class Imported:
    """What an export says of the session itself."""

    name: str
    configuration: dict[str, JsonValue]


@dataclass(frozen=True)
class Imports:
    """Makes sessions of exports. The same page a second time changes nothing."""

    sessions: Sessions

    async def take(
        self, caller: Principal, about: Imported, drafts: Sequence[Draft], into: str | None
    ) -> Session:
        """Append what the session of this id lacks; without one, or where it isn't, make it."""
        session = await self._existing(caller, into)
        _refuse_strange(drafts, others_may_be_there=session is not None)
        if session is None:
            session = await self._made(caller, about, into)
        for run in _from_root_to_root([_as_kept(draft) for draft in drafts]):
            await self.sessions.append(caller, session.id, run, at_root=True)
        return await self.sessions.get(caller, session.id)

    async def _existing(self, caller: Principal, session_id: str | None) -> Session | None:
        try:
            return await self.sessions.get(caller, session_id) if session_id else None
        except NotFound:
            return None

    async def _made(self, caller: Principal, about: Imported, into: str | None) -> Session:
        try:
            return await self.sessions.create(
                caller, session_id=into, name=about.name, configuration=about.configuration
            )
        except Conflict:  # the same import, sent twice, was faster
            return await self.sessions.get(caller, into or "")


def _refuse_strange(drafts: Sequence[Draft], *, others_may_be_there: bool) -> None:
    """Refuse before anything is kept what could not be kept whole."""
    seen: set[str] = set()
    for draft in drafts:
        if draft.id in seen:
            raise Invalid(f"the id {draft.id} stands for two items", code="item_id_taken")
        if draft.parent_id and draft.parent_id not in seen and not others_may_be_there:
            raise Invalid(
                f"item {draft.id} follows {draft.parent_id}, which doesn't come before it",
                next_step="import the pages of an export in their order, `into` the same session",
                code="unknown_parent",
            )
        seen.add(draft.id)


def _as_kept(draft: Draft) -> Draft:
    """Leave out what held only where it was exported: its turn, and that this goes on."""
    status = "incomplete" if draft.status == "in_progress" else draft.status
    return draft.model_copy(update={"response_id": None, "status": status})


def _from_root_to_root(drafts: Sequence[Draft]) -> list[list[Draft]]:
    """Cut before every item that follows none: only the first of a run may be such a one."""
    runs: list[list[Draft]] = []
    for draft in drafts:
        if draft.parent_id is None or not runs:
            runs.append([])
        runs[-1].append(draft)
    return runs
