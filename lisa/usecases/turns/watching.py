"""Following a turn from any of its events on: from memory where it is made, else from its log."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final

from lisa.domain.turns.response import ENDS_AS, on_its_way, shown
from lisa.domain.turns.shapes import Wire
from lisa.domain.turns.turn import Measures, Turn, TurnStatus
from lisa.ports.clock import Clock
from lisa.stores.turns.heads import TurnHeads
from lisa.stores.turns.log import TurnLog
from lisa.usecases.turns.closing import INTERRUPTED, Closing
from lisa.usecases.turns.live import RESPONSE, LiveTurn, Told, told

PAUSE: Final = 0.25
SILENCE: Final = 15.0
LOOKS_OF_SILENCE: Final = int(SILENCE / PAUSE)
AT_FIRST: Final = {
    "status": TurnStatus.IN_PROGRESS,
    "usage": None,
    "error": None,
    "measures": Measures(),
    "completed": None,
}
FIRST: Final = ("response.created", "response.in_progress")
BEGINNINGS: Final = frozenset({*FIRST, "response.queued"})


@dataclass(frozen=True)
class Watching:
    """Follows turns, wherever they are made."""

    heads: TurnHeads
    log: TurnLog
    closing: Closing
    clock: Clock

    async def live(self, live: LiveTurn, number: int) -> AsyncIterator[list[Told]]:
        """Follow a turn that is made here; who is slow reads what left the memory in the log.

        Nothing is yielded now and then while nothing happens.
        """
        while True:
            if number < live.first:
                events = await self._logged(live.turn, number)
            else:
                events = live.since(number)
            if events:
                number += len(events)
                yield events
            elif live.ended:
                return
            elif not await _heard(live):
                yield []

    async def elsewhere(self, turn: Turn, number: int) -> AsyncIterator[list[Told]]:
        """Follow a turn that is made in another process, or has ended."""
        looks = 0
        while True:
            events = await self._logged(turn, number)
            if events:
                number += len(events)
                yield events
            elif not turn.is_open:
                yield await self._rest(turn, number)
                return
            elif (now := await self.current(turn)) is None:
                return
            elif now.is_open:
                await self.clock.sleep(PAUSE)
                looks += 1
                if looks % LOOKS_OF_SILENCE == 0:
                    yield []
            else:
                turn = now

    async def _rest(self, turn: Turn, number: int) -> list[Told]:
        """Return what is left to be told of a turn that has ended, behind its log."""
        last = turn.last_sequence or 0
        beginning = []
        if number == last == 0:  # its maker died before any of its log was stored
            beginning = [told(_whole({"type": name}, turn), n) for n, name in enumerate(FIRST)]
            last = len(beginning)
        if number > last and not _was_given_up(turn):
            return []
        return [*beginning, told(await self.ending(turn), max(number, last))]

    async def ended(self, turn: Turn) -> Turn | None:
        """Wait for the end of a turn that is made elsewhere."""
        while (now := await self.current(turn)) and now.is_open:
            await self.clock.sleep(PAUSE)
        return now

    async def current(self, turn: Turn) -> Turn | None:
        """Return the turn as it is now; one that was given up is closed."""
        now = await self.heads.get(turn.id)
        if now and now.is_open and now.lease_until and now.lease_until <= self.clock.now():
            return await self.closing.close_expired(now)
        return now

    async def ending(self, turn: Turn) -> Wire:
        """Return the event that a turn ended with."""
        return ending(turn, await self.closing.output_of(turn))

    async def _logged(self, turn: Turn, number: int) -> list[Told]:
        """Return some of the logged events that count."""
        end = turn.last_sequence
        events = [] if end is not None and number >= end else await self.log.read(turn.id, number)
        counting = [
            each for each in events if end is None or int(str(each["sequence_number"])) < end
        ]
        return [told(_whole(each, turn), number + n) for n, each in enumerate(counting)]


def ending(turn: Turn, output: list[Wire]) -> Wire:
    """Return the event that a turn ends with."""
    name = ENDS_AS.get(turn.status.value, "response.incomplete")
    return {"type": name, RESPONSE: shown(turn, output)}


def _was_given_up(turn: Turn) -> bool:
    """Tell whether somebody may have heard more than its log has: such a one learns the end."""
    return turn.incomplete_reason == INTERRUPTED or turn.status is TurnStatus.CANCELLED


async def _heard(live: LiveTurn) -> bool:
    """Wait until something happens, or for a while."""
    try:
        async with asyncio.timeout(SILENCE):
            await live.changed()
    except TimeoutError:
        return False
    return True


def _whole(event: Mapping[str, object], turn: Turn) -> Wire:
    if event["type"] not in BEGINNINGS:
        return dict(event)
    return {**event, RESPONSE: on_its_way(shown(turn.model_copy(update=AT_FIRST), []))}
