"""Turns: started, worked on here, watched, cancelled and deleted from anywhere."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from lisa.domain.errors import ConditionFailed, Unavailable
from lisa.domain.identity import Principal
from lisa.domain.model import Model
from lisa.domain.policy import Kind, Thing, Verb, require
from lisa.domain.turns.events import Assembler
from lisa.domain.turns.found import RESULTS, without_results
from lisa.domain.turns.request import TurnRequest
from lisa.domain.turns.response import shown
from lisa.domain.turns.shapes import Wire
from lisa.domain.turns.turn import Turn
from lisa.ports.completions import Completions
from lisa.ports.ids import Ids
from lisa.usecases.sessions import Sessions
from lisa.usecases.turns.beginning import Beginning, Begun, unknown_response
from lisa.usecases.turns.closing import Closing
from lisa.usecases.turns.leases import Leases
from lisa.usecases.turns.live import LiveTurn, Told
from lisa.usecases.turns.making import Making
from lisa.usecases.turns.parts import Images
from lisa.usecases.turns.watching import Watching
from lisa.usecases.turns.work import Work
from lisa.usecases.turns.writing import LogWriter

MOST_AT_ONCE: Final = 5000
PATIENCE_WITH_CANCELLING: Final = 15.0
PATIENCE_WITH_ENDS: Final = 10.0
PATIENCE_WITH_NAMES: Final = 5.0
IMAGE_CALL: Final = "image_generation_call"


@dataclass
class Turns:
    """What callers do with turns. One object per process, `running` as long as that serves."""

    completions: Completions
    beginning: Beginning
    making: Making
    closing: Closing
    watching: Watching
    leases: Leases
    writer: LogWriter
    sessions: Sessions
    images: Images
    ids: Ids
    seconds_left: Callable[[], float]  # for turns, once all callers have been served
    _here: dict[str, LiveTurn] = field(default_factory=dict)
    _stopping: bool = False

    async def start(self, caller: Principal, request: TurnRequest) -> LiveTurn | Turn:
        """Begin a turn here; return the one under way elsewhere if this input began it already."""
        if self._stopping or len(self._here) >= MOST_AT_ONCE:
            raise Unavailable("no more turns can be taken now", next_step="try again in a moment")
        model = self.completions.model(caller, request.model)
        begun = await self.beginning.begin(caller, request, model, self.leases.holder)
        if isinstance(begun, Turn):
            return self._here.get(begun.id) or begun
        live = LiveTurn(begun.turn, self._note)
        work = _work(caller, request, model, begun, live, self.ids.new)
        self._here[live.turn.id] = live
        if live.turn.stored:
            self.leases.held[live.turn.id] = live
        work.tell(work.assembler.begin())
        live.task = asyncio.create_task(self._make(work))
        return live

    async def get(self, caller: Principal, turn_id: str, verb: Verb = Verb.READ) -> Turn:
        """Return a turn of the caller's."""
        require(caller, verb, Thing(Kind.SESSION, owner=caller.subject))
        turn = await self.closing.heads.get(turn_id)
        if turn is not None and turn.is_open:
            turn = await self.watching.current(turn)
        if turn is None or turn.owner != caller.subject:
            raise unknown_response(turn_id)
        return turn

    async def response(self, turn: Turn, *, results: bool = False) -> Wire:
        """Show a turn with what came of it; results of searches, where wanted then or now."""
        live = self._here.get(turn.id)
        if live and not live.ended:
            return shown(turn, [])
        output = await self.closing.output_of(turn)
        return shown(turn, await self.as_wanted(turn, output, results=results))

    async def result(self, started: LiveTurn | Turn) -> Wire:
        """Wait for the end, and show it; what failed before anything came is raised."""
        if isinstance(started, LiveTurn):
            await started.until_ended()
            if started.failure and not started.output:
                raise started.failure
            output = await self.as_wanted(started.turn, started.output)
            return shown(started.turn, output)
        turn = await self.watching.ended(started)
        if turn is None:
            raise unknown_response(started.id)
        return await self.response(turn)

    def watch(self, turn: Turn, number: int) -> AsyncIterator[list[Told]]:
        """Follow a turn from this event on."""
        live = self._here.get(turn.id)
        return self.watching.live(live, number) if live else self.watching.elsewhere(turn, number)

    async def cancel(self, caller: Principal, turn_id: str) -> Turn:
        """Stop a turn, wherever it is made; one that has ended stays as it is."""
        live = self._here.get(turn_id)
        if live and live.turn.owner == caller.subject:
            live.cancelled = True
            live.stop()
            await live.until_ended()
            return live.turn
        turn = await self.get(caller, turn_id, Verb.CHANGE)
        return await self._cancel_elsewhere(turn) if turn.is_open else turn

    async def delete(self, caller: Principal, turn_id: str) -> None:
        """Forget a turn; its items stay in their session, unless that was made for it alone."""
        turn = await self.get(caller, turn_id, Verb.DELETE)
        if turn.is_open:
            await self.cancel(caller, turn_id)
        await self.closing.heads.forget(turn_id)
        if await self.closing.heads.are_in(turn.session_uid):
            return
        session = await self.closing.sessions.get(turn.owner, turn.session_id)
        if session and not session.listed and session.uid == turn.session_uid:
            await self.sessions.delete(caller, session.id)

    async def input_of(self, turn: Turn) -> list[Wire]:
        """Return the items that a turn answers."""
        return await self.closing.items_of(turn, turn.input_ids)

    async def keep(self) -> None:
        """Look after turns until cancelled; then let them end, or close them as interrupted."""
        async with self.running():
            await asyncio.Event().wait()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Do what there is to do beside the requests."""
        works = [
            asyncio.create_task(each) for each in (self.writer.keep_writing(), self.leases.keep())
        ]
        try:
            yield
        finally:
            await self._drain()
            for task in works:
                task.cancel()
            await asyncio.wait(works)

    async def as_wanted(
        self, turn: Turn, items: list[Wire], *, results: bool = False
    ) -> list[Wire]:
        """Return items with contents of images and results of searches, where these are wanted."""
        included = turn.request.get("include")
        if not results and not (isinstance(included, list) and RESULTS in included):
            items = without_results(items)
        drawn = any(item["type"] == IMAGE_CALL for item in items)
        if not drawn or turn.request.get("inline_images") is False:
            return items
        session = await self.closing.sessions.get(turn.owner, turn.session_id)
        return await self.images.with_results(session, items) if session else items

    async def _make(self, work: Work) -> None:
        """Work on a turn to its end."""
        live = work.live
        try:
            await self.making.make(work)
        finally:
            self._here.pop(live.turn.id, None)
            self.leases.held.pop(live.turn.id, None)
            self.writer.leave(live)

    async def _cancel_elsewhere(self, turn: Turn) -> Turn:
        """Ask the process that makes it, and wait until it has stopped."""
        try:
            await self.closing.heads.request_cancel(turn)
        except ConditionFailed as error:
            raise unknown_response(turn.id) from error
        now: Turn | None = turn
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_WITH_CANCELLING):
                now = await self.watching.ended(turn)
        if now is None:
            raise unknown_response(turn.id)
        return now

    async def _drain(self) -> None:
        """Give turns time to end; then end them, as interrupted."""
        self._stopping = True
        for patience in (self.seconds_left(), PATIENCE_WITH_ENDS):
            tasks = [live.task for live in self._here.values() if live.task]
            if tasks:
                await asyncio.wait(tasks, timeout=patience)
            for live in self._here.values():
                live.stop()
        await self.making.named(min(self.seconds_left(), PATIENCE_WITH_NAMES))

    def _note(self, live: LiveTurn) -> None:
        if live.turn.stored:
            self.writer.note(live)


def _work(
    caller: Principal,
    request: TurnRequest,
    model: Model,
    begun: Begun,
    live: LiveTurn,
    new_id: Callable[[str], str],
) -> Work:
    names: dict[str, tuple[str, str]] = {}
    guarded: set[str] = set()
    echo = shown(begun.turn, [])
    return Work(
        caller=caller,
        request=request,
        model=model,
        session=begun.session,
        live=live,
        assembler=Assembler(begun.turn.id, echo, new_id, names, guarded),
        context=begun.context,
        names=names,
        guarded=guarded,
    )
