"""Which upstream takes a call: a healthy one, with room, by weight and by how busy it is."""

import asyncio
import random
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from lisa.domain.errors import Unavailable
from lisa.domain.model import MOST_UPSTREAMS, Model, Upstream
from lisa.gateway.health import Slots

TWO: Final = 2
MOST_REMEMBERED: Final = 4 * MOST_UPSTREAMS
Place: TypeAlias = tuple[str, str]
Current: TypeAlias = Callable[[], Sequence[Upstream]]  # who answers by now


def place_of(upstream: Upstream) -> Place:
    """Return what tells upstreams apart: a replica's successor has its id, not its address."""
    return upstream.id, upstream.url


@dataclass
class Queue:
    """The calls of one model: those under way at each upstream, and those that wait.

    Each model has its own, so that a model whose upstreams hang fills nobody else's. Upstreams may
    change meanwhile: whoever waits then goes to the new ones.
    """

    longest: int
    patience: float
    slots: dict[Place, Slots] = field(default_factory=dict)
    waiting: deque[asyncio.Future[None]] = field(default_factory=deque)

    def of(self, upstream: Upstream) -> Slots:
        """Return the state of an upstream, which outlives changes of the model."""
        place = place_of(upstream)
        found = self.slots.get(place)
        if found is None:
            self._forget_the_gone()
            found = self.slots[place] = Slots()
        return found

    async def enter(self, current: Current, without: Collection[Place] = ()) -> Upstream | None:
        """Take a place at an upstream, waiting for one if all are full; None if none is left."""
        candidates = self._candidates(current(), without)
        if not candidates:
            return None
        chosen = None if self.waiting else self._with_room(candidates)
        if chosen is None:
            return await self._wait(current, without)
        self.of(chosen).under_way += 1
        return chosen

    def leave(self, upstream: Upstream) -> None:
        """Give the place back, to whoever waits longest."""
        self.of(upstream).under_way -= 1
        self.wake_next()

    def wake_next(self) -> None:
        """Let whoever waits longest look again."""
        while self.waiting:
            turn = self.waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return

    def _forget_the_gone(self) -> None:
        """Forget some of those that nobody calls, once there have been too many."""
        if len(self.slots) >= MOST_REMEMBERED:
            self.slots = {place: each for place, each in self.slots.items() if each.under_way}

    def _candidates(
        self, upstreams: Sequence[Upstream], without: Collection[Place]
    ) -> list[Upstream]:
        """Return the healthy ones; where none is, whichever is left: it may be well again."""
        left = [each for each in upstreams if each.weight]
        if without:
            left = [each for each in left if place_of(each) not in without]
        if len(left) < TWO:
            return left
        return [each for each in left if not self.of(each).circuit.is_open] or left

    def _with_room(self, candidates: list[Upstream]) -> Upstream | None:
        free = [each for each in candidates if self.of(each).under_way < each.concurrent]
        if len(free) < TWO:
            return free[0] if free else None
        drawn = random.choices(free, [each.weight for each in free], k=TWO)  # noqa: S311 - no secret
        return min(drawn, key=lambda each: self.of(each).under_way / each.weight)

    async def _wait(self, current: Current, without: Collection[Place]) -> Upstream | None:
        if len(self.waiting) >= self.longest:
            raise _overloaded("too many calls are waiting for this model")
        try:
            async with asyncio.timeout(self.patience):
                await self._turn(self.waiting.append)
                while candidates := self._candidates(current(), without):
                    if chosen := self._with_room(candidates):
                        self.of(chosen).under_way += 1
                        return chosen
                    await self._turn(self.waiting.appendleft)
        except TimeoutError as error:
            raise _overloaded("this model is busy") from error
        finally:
            self.wake_next()  # there may be room for more than one
        return None

    async def _turn(self, line_up: Callable[[asyncio.Future[None]], None]) -> None:
        """Wait until a place is free; a turn that is given up goes to the next in line."""
        turn = asyncio.get_running_loop().create_future()
        line_up(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn in self.waiting:
                self.waiting.remove(turn)
            else:
                self.wake_next()
            raise


@dataclass
class Queues:
    """The queue of each model."""

    longest: int = 1024
    patience: float = 30.0
    _by_model: dict[str, Queue] = field(default_factory=dict)

    def of(self, model: Model) -> Queue:
        """Return the queue of a model, which outlives changes of the model."""
        found = self._by_model.get(model.id)
        if found is None:
            found = self._by_model[model.id] = Queue(self.longest, self.patience)
        return found

    def look_again(self) -> None:
        """Let those who wait see which upstreams there are by now."""
        for queue in self._by_model.values():
            queue.wake_next()


def _overloaded(message: str) -> Unavailable:
    return Unavailable(message, next_step="try again in a moment", code="model_overloaded")
