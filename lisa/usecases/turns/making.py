"""Making a turn: working on it until it ends, is stopped or fails, and keeping what came of it."""

import asyncio
import logging
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Final

from lisa.domain.errors import LimitReached, LisaError, Unavailable
from lisa.domain.turns.shapes import Wire
from lisa.domain.turns.turn import Turn, TurnStatus
from lisa.ports.completions import Completions
from lisa.usecases.turns.closing import INTERRUPTED, Closing, Lost
from lisa.usecases.turns.parts import Titles
from lisa.usecases.turns.rounds import Rounds
from lisa.usecases.turns.watching import Watching, ending
from lisa.usecases.turns.work import Work
from lisa.usecases.turns.writing import LogWriter

LONGEST_TURN: Final = 30 * 60.0
MOST_NAMED_AT_ONCE: Final = 4
TOO_LONG: Final = "time_limit"
PAUSES: Final = (0.5, 1.0, 2.0)
log = logging.getLogger("lisa.turns")


@dataclass(frozen=True)
class Making:
    """Makes turns."""

    rounds: Rounds
    closing: Closing
    watching: Watching
    writer: LogWriter
    titles: Titles
    completions: Completions
    line: asyncio.Semaphore  # in which ends wait for the store
    longest: float = LONGEST_TURN
    _naming: set[asyncio.Task[None]] = field(default_factory=set)

    async def make(self, work: Work) -> None:
        """Work on a turn; whatever happens, it has ended then."""
        live = work.live
        how = await self._worked(work)
        last = _ending_events(work, how)
        how |= {"usage": work.assembler.usage, "measures": work.measures()}
        how["last_sequence"] = live.following
        try:
            closed = await self._kept(work, how)
        except Lost:
            await self._end_as_kept(work)
        except LisaError as error:
            log.warning("the end of turn %s can't be kept: %s", live.turn.id, error)
            live.failure = error
            live.end(live.turn, [_error_event(error)])
        else:
            live.output = [*work.assembler.output]
            live.end(closed, [{**last, **ending(closed, live.output)}])
            self._name_session(work, closed)

    async def named(self, patience: float) -> None:
        """Wait until sessions that are being named have their names."""
        if self._naming:
            await asyncio.wait(self._naming, timeout=patience)

    async def _worked(self, work: Work) -> dict[str, object]:
        """Do the work; say how it ended."""
        live = work.live
        if live.stopped:
            return _stopped(work)
        live.work = asyncio.create_task(self.rounds.run(work))
        done, _ = await asyncio.wait([live.work], timeout=self.longest)
        if not done:
            live.work.cancel()
            await asyncio.wait([live.work])
            return _incomplete(TOO_LONG)
        return _outcome(work, live.work)

    async def _kept(self, work: Work, how: dict[str, object]) -> Turn:
        """Keep events, output and end; a store that is away for a moment is waited for."""
        live, output = work.live, work.assembler.output
        if not live.turn.stored:
            return self.closing.closed(live.turn, output, how)
        if live.lost:
            raise Lost
        for pause in (*PAUSES, None):
            try:
                async with self.line:
                    rest = await self.writer.rest(live)
                    return await self.closing.close(live.turn, output, how, live.version, rest)
            except Unavailable:
                if pause is None:
                    raise
                await asyncio.sleep(pause)
        raise Lost

    async def _end_as_kept(self, work: Work) -> None:
        """Tell those who listen how somebody else ended it."""
        live = work.live
        try:
            turn = await self.closing.heads.get(live.turn.id)
            if turn is None or turn.is_open:
                live.end(live.turn, [_error_event(_gone())])
            else:
                live.end(turn, [await self.watching.ending(turn)])
        except LisaError as error:
            live.end(live.turn, [_error_event(error)])

    def _name_session(self, work: Work, closed: Turn) -> None:
        """Have the session named after its first answer, where few others are being named."""
        unnamed = work.session.listed and not work.session.name
        if closed.status is not TurnStatus.COMPLETED or not closed.stored or not unnamed:
            return
        if len(self._naming) >= MOST_NAMED_AT_ONCE:
            return  # its first message is a good name, too
        items = [*work.context, *work.assembler.output]
        naming = self.titles.name(
            work.caller, closed.session_id, work.model, items, self.completions
        )
        task = asyncio.create_task(_quietly(naming))
        self._naming.add(task)
        task.add_done_callback(self._naming.discard)


def _ending_events(work: Work, how: dict[str, object]) -> Wire:
    """Tell of what was left open; return the last event, which is told when all is kept."""
    status = how["status"]
    error, reason = how.get("error"), str(how.get("incomplete_reason", ""))
    told = error if isinstance(error, dict) else None
    *events, last = work.assembler.end(str(status), told, reason)
    work.live.tell(events)
    return last


def _outcome(work: Work, done: asyncio.Task[None]) -> dict[str, object]:
    """Say how the work ended by itself, or by being stopped."""
    if done.cancelled():
        return _stopped(work)
    failure = done.exception()
    if failure is None:
        reason = work.assembler.cut_short or work.cut_short
        return _incomplete(reason) if reason else {"status": TurnStatus.COMPLETED}
    if not isinstance(failure, LisaError):
        log.error("unexpected failure in turn %s", work.live.turn.id, exc_info=failure)
        failure = LisaError("something broke on our side", code="server_error")
    work.live.failure = failure
    return _failed(failure)


def _stopped(work: Work) -> dict[str, object]:
    if work.live.cancelled:
        return {"status": TurnStatus.CANCELLED}
    return _incomplete(INTERRUPTED)


def _incomplete(reason: str) -> dict[str, object]:
    return {"status": TurnStatus.INCOMPLETE, "incomplete_reason": reason}


def _failed(error: LisaError) -> dict[str, object]:
    message = f"{error.message}; {error.next_step}" if error.next_step else error.message
    told: dict[str, object] = {
        "code": error.precise_code,
        "kind": error.code,
        "message": message,
    }
    if isinstance(error, LimitReached):
        told["retry_after"] = error.retry_after
    return {"status": TurnStatus.FAILED, "error": told}


def _error_event(error: LisaError) -> Wire:
    return {
        "type": "error",
        "code": error.precise_code,
        "message": error.message,
        "param": None,
    }


def _gone() -> LisaError:
    return LisaError("the response was deleted while it was being made", code="response_gone")


async def _quietly(naming: Awaitable[None]) -> None:
    try:
        await naming
    except LisaError as error:
        log.info("a session was not named: %s", error)
