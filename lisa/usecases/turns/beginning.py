"""How turns begin: in which session, after which item, and what the model is told."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lisa.domain.errors import Conflict, NotFound, TooLarge
from lisa.domain.identity import Principal
from lisa.domain.model import Model, ModelType
from lisa.domain.policy import require_plane
from lisa.domain.scopes import Plane, covers
from lisa.domain.session import Draft, Item, Session
from lisa.domain.turns.found import RESULTS
from lisa.domain.turns.items import as_before, branch, to_draft, to_wire, unknown_parent
from lisa.domain.turns.prompting import chat_body, chat_messages
from lisa.domain.turns.request import TurnRequest
from lisa.domain.turns.shapes import Wire
from lisa.domain.turns.turn import Turn, TurnStatus
from lisa.ports.clock import Clock
from lisa.ports.completions import Completions
from lisa.ports.ids import Ids
from lisa.ports.table import MAX_PAGE
from lisa.stores.sessions.appends import Known
from lisa.stores.sessions.items import Items
from lisa.stores.sessions.rows import mark_of
from lisa.stores.turns.heads import TurnHeads, beginning
from lisa.stores.turns.places import turn_id
from lisa.usecases.configuration import Switches
from lisa.usecases.sessions import Sessions
from lisa.usecases.turns.leases import LEASE
from lisa.usecases.turns.parts import Attachments, Searching, Toolbox
from lisa.usecases.turns.refusals import (
    files_are_switched_off,
    has_files,
    refuse_what_answers_nothing,
    refuse_what_cannot_be,
    refuse_what_says_nothing,
)

MOST_CONTEXT: Final = 64 * 1024 * 1024


@dataclass(frozen=True)
class Place:
    """Where a turn stands: its session, and the item that its input follows."""

    session: Session
    leaf: str | None
    items: Sequence[Item] = ()


@dataclass(frozen=True)
class Begun:
    """A turn that may be worked on; `context` is all that the model is told."""

    turn: Turn
    session: Session
    context: list[Wire]


@dataclass(frozen=True)
class Beginning:
    """Begins turns."""

    sessions: Sessions
    items: Items
    heads: TurnHeads
    attachments: Attachments
    completions: Completions
    toolbox: Toolbox
    searching: Searching
    switches: Switches
    clock: Clock
    ids: Ids
    line: asyncio.Semaphore  # in which beginnings wait for the store

    async def begin(
        self, caller: Principal, request: TurnRequest, model: Model, lease: str
    ) -> Begun | Turn:
        """Keep the input; return the turn, or the one under way that the same input began."""
        stored = is_stored(caller, request)
        refuse_what_cannot_be(request, model, stored=stored)
        if request.mcp_tools:
            await self.switches.require("mcpConnections")
        if request.lisa.summarise:
            await self.switches.require("documentSummarization")
        async with self.line:
            await self.toolbox.check(caller, request.mcp_tools)
            if request.file_search:
                await self.switches.require("ragSelectionAvailable")
                await self.searching.check(caller, request.file_search)
            place = await self._place(caller, request)
        given = [self._named(item) for item in await self._as_said_before(place, request.items)]
        context = _context(place, given)
        refuse_what_answers_nothing(given, context)
        refuse_what_says_nothing(request, model, context)
        if has_files(context) and not await self.switches.is_on("uploadContextDocs"):
            raise files_are_switched_off()
        told = await self.attachments.inlined(place.session, context, model)
        await self.completions.check(
            caller, self.ids.new("call"), _first_call(request, model, told)
        )
        turn = self._turn(caller, request, place, given, lease)
        if not stored:
            return Begun(turn, place.session, told)
        async with self.line:
            other = await self._keep(caller, turn, place, given)
        return other or Begun(turn, place.session, told)

    async def _place(self, caller: Principal, request: TurnRequest) -> Place:
        if request.conversation_id:
            session = await self.sessions.get(caller, request.conversation_id)
            leaf = session.last_item_id
        elif request.previous_response_id:
            session, leaf = await self._after(caller, request.previous_response_id)
        elif request.lisa.parent_id:
            raise unknown_parent(request.lisa.parent_id)
        else:
            return Place(self._no_session(caller), None)
        if request.lisa.branches:
            leaf = request.lisa.parent_id
        items, more = await self.items.page(
            session, newest_first=False, limit=10 * MAX_PAGE, after=None, budget=MOST_CONTEXT
        )
        if more:
            raise TooLarge("the conversation is too long", code="conversation_too_long")
        return Place(session, leaf, items)

    async def _after(self, caller: Principal, previous: str) -> tuple[Session, str | None]:
        """Return where an earlier response ended."""
        turn = await self.heads.get(previous)
        if turn is None or turn.owner != caller.subject:
            raise unknown_response(previous)
        if turn.is_open:
            raise Conflict(
                f"response {previous} is still in progress",
                next_step="wait for its end, or cancel it",
                code="response_in_progress",
            )
        session = await self.sessions.get(caller, turn.session_id)
        if session.uid != turn.session_uid:
            raise unknown_response(previous)
        ids = turn.output_ids or turn.input_ids
        return session, ids[-1] if ids else None

    def _no_session(self, caller: Principal) -> Session:
        """Return a session that is made with its first items, or never."""
        now = self.clock.now()
        return Session(
            id=self.ids.new("session"),
            uid=self.ids.new("s"),
            owner=caller.subject,
            created=now,
            updated=now,
            revision=0,
            listed=False,
        )

    async def _as_said_before(self, place: Place, items: Sequence[Wire]) -> Sequence[Wire]:
        """Give items their former ids if they say again what the last turn failed to answer."""
        there = {item.id: item for item in place.items}
        last = there.get(place.leaf or "")
        if last is None or last.role == "assistant" or not last.response_id:
            return items
        turn = await self.heads.get(last.response_id)
        if turn is None or turn.status is not TurnStatus.FAILED or turn.output_ids:
            return items
        return as_before(items, [to_wire(there[name]) for name in turn.input_ids if name in there])

    def _named(self, item: Wire) -> Wire:
        return {**item, "id": item.get("id") or self.ids.new(PREFIXES.get(item["type"], "item"))}

    def _turn(
        self,
        caller: Principal,
        request: TurnRequest,
        place: Place,
        given: Sequence[Wire],
        lease: str,
    ) -> Turn:
        now, stored = self.clock.now(), is_stored(caller, request)
        inputs = tuple(str(item["id"]) for item in given) or (place.leaf or "",)
        return Turn(
            id=turn_id(place.session.uid, self.ids.new("turn")),
            owner=caller.subject,
            session_id=place.session.id,
            session_uid=place.session.uid,
            stored=stored,
            previous_id=request.previous_response_id,
            model=request.model,
            background=request.background,
            request=request.echo() | _unseen(request),
            input_ids=inputs,
            lease=lease,
            lease_until=now + LEASE,
            created=now,
        )

    async def _keep(
        self, caller: Principal, turn: Turn, place: Place, given: Sequence[Wire]
    ) -> Turn | None:
        """Keep turn and input together; return the turn that these very items began already."""
        there = {item.id: item for item in place.items}
        drafts: list[Draft] = []
        parent = place.leaf
        for item in given:
            name = str(item["id"])
            follows = there[name].parent_id if name in there else parent
            drafts.append(to_draft(item, response_id=turn.id, new_id=name, parent_id=follows))
            parent = name
        named = {name for draft in drafts for name in (draft.id, draft.parent_id)}
        marks = {name: mark_of(item) for name, item in there.items() if name in named}
        kept = await self.sessions.append_to(
            caller,
            Known(place.session, marks),
            drafts,
            beginning(turn),
            at_root=place.leaf is None,
        )
        if not kept or any(item.response_id in {None, turn.id} for item in kept):
            return None
        other = await self.heads.get(str(kept[-1].response_id))
        if other is None or not other.is_open or other.model != turn.model:
            return None
        await self.heads.forget(turn.id)
        return other


PREFIXES: Final = {"message": "msg", "function_call_output": "fco", "reasoning": "rs"}


def is_stored(caller: Principal, request: TurnRequest) -> bool:
    """Tell whether a turn is kept; a token that may only ask models keeps nothing."""
    needs_more = request.store or request.background
    if needs_more or request.conversation_id or request.previous_response_id:
        require_plane(caller, Plane.CONTROL)
    if request.store is None:
        return covers(caller.scopes, Plane.CONTROL)
    return request.store


def unknown_response(name: str) -> NotFound:
    """Return what is said of a response that isn't there, or isn't the caller's."""
    return NotFound(f"there is no response {name[:200]}", code="response_not_found")


def _context(place: Place, given: Sequence[Wire]) -> list[Wire]:
    """Put the branch and the input together; what the session has already stands where it is."""
    there = {item.id for item in place.items}
    if given and all(item["id"] in there for item in given):
        return [to_wire(item) for item in branch(place.items, str(given[-1]["id"]))]
    return [*(to_wire(item) for item in branch(place.items, place.leaf)), *given]


def _first_call(request: TurnRequest, model: Model, told: Sequence[Wire]) -> Wire:
    """Return about what the model is asked first: enough for limits to decide on."""
    if model.type is ModelType.IMAGE:
        return {**request.lisa.chat, "model": request.model}
    messages = chat_messages(request.instructions, told)
    return chat_body(request, messages, [each.chat() for each in request.function_tools])


def _unseen(request: TurnRequest) -> Wire:
    """Return the wishes of a request that say how its response is shown later, too."""
    images: Wire = {} if request.lisa.inline_images else {"inline_images": False}
    return images | ({"include": [RESULTS]} if request.shows_results else {})
