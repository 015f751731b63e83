"""A turn under way in this process: its events in memory, and those who listen to them."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from pydantic import JsonValue

from lisa.domain.errors import LisaError
from lisa.domain.turns.turn import Turn

KEPT_IN_MEMORY: Final = 256 * 1024
RESPONSE: Final = "response"


class Told(NamedTuple):
    """An event as it is sent, and as it is logged: without the response, which is known anyway."""

    name: str
    text: str
    logged: str


def told(event: Mapping[str, JsonValue], number: int) -> Told:
    """Return an event with its number, in ASCII: so no odd character is in anybody's way."""
    numbered = {**event, "sequence_number": number}
    text = written(numbered)
    if RESPONSE not in numbered:
        return Told(str(event["type"]), text, text)
    del numbered[RESPONSE]
    return Told(str(event["type"]), text, written(numbered))


def written(says: Mapping[str, object]) -> str:
    """Write JSON, short."""
    return json.dumps(says, separators=(",", ":"))


@dataclass(eq=False)
class LiveTurn:
    """One turn's events: the latest in memory, the earlier ones, if it is stored, in its log.

    Whoever listens reads at the own pace. `stored_up_to` is the number of the first event that
    isn't in the log yet; only events before it leave the memory.
    """

    turn: Turn
    dirty: Callable[["LiveTurn"], None]
    events: list[Told] = field(default_factory=list)
    first: int = 0
    stored_up_to: int = 0
    unstored_size: int = 0
    size: int = 0
    output: list[dict[str, JsonValue]] = field(default_factory=list)
    ended: bool = False
    failure: LisaError | None = None
    version: int = 1  # of the head, as last seen
    task: asyncio.Task[None] | None = None  # from beginning to end
    work: asyncio.Task[None] | None = None  # the part of it that may be stopped
    stopped: bool = False
    cancelled: bool = False  # by somebody who may
    lost: bool = False  # to another process
    _waiting: list[asyncio.Future[None]] = field(default_factory=list)

    @property
    def following(self) -> int:
        """The number of the event to come."""
        return self.first + len(self.events)

    def tell(self, events: Sequence[Mapping[str, JsonValue]]) -> None:
        """Add events."""
        for event in events:
            one = told(event, self.following)
            self.events.append(one)
            self.size += len(one.text)
            self.unstored_size += len(one.logged)
        if events:
            self.dirty(self)
            self.wake()

    def end(self, turn: Turn, last: Sequence[Mapping[str, JsonValue]] = ()) -> None:
        """Tell the last events, which no log needs."""
        self.turn = turn
        self.events += [told(event, self.following + n) for n, event in enumerate(last)]
        self.ended = True
        self.wake()

    def unstored(self) -> list[str]:
        """Return the events to be logged next."""
        self.unstored_size = 0
        return [event.logged for event in self._unlogged()]

    def unlogged_size(self) -> int:
        """Return how much of it isn't in the log for certain."""
        return sum(len(event.logged) for event in self._unlogged())

    def _unlogged(self) -> list[Told]:
        return self.events[self.stored_up_to - self.first :]

    def now_stored(self, up_to: int) -> None:
        """Take note that the log has the events before this one, and forget the older of them."""
        self.stored_up_to = up_to
        if self.size > 2 * KEPT_IN_MEMORY:
            self._forget()
        self.wake()

    def since(self, number: int) -> list[Told]:
        """Return the events from this one on; it must still be in memory."""
        return self.events[number - self.first :]

    async def changed(self) -> None:
        """Wait until something was told, stored or ended."""
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        try:
            await waiting
        finally:
            if waiting in self._waiting:
                self._waiting.remove(waiting)

    async def until_ended(self) -> None:
        """Wait until it has ended."""
        while not self.ended:
            await self.changed()

    def wake(self) -> None:
        """Let those look who wait."""
        waiting, self._waiting = self._waiting, []
        for each in waiting:
            if not each.done():
                each.set_result(None)

    def stop(self) -> None:
        """End the work on it; what came of it is kept."""
        self.stopped = True
        if self.work:
            self.work.cancel()

    def _forget(self) -> None:
        count, most = 0, self.stored_up_to - self.first
        while count < most and self.size > KEPT_IN_MEMORY:
            self.size -= len(self.events[count].text)
            count += 1
        del self.events[:count]
        self.first += count
