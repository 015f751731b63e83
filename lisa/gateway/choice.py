"""Which upstream takes a call: a healthy one, with room, by weight and by how busy it is."""

import asyncio
import random
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Final

from lisa.domain.errors import Unavailable
from lisa.domain.model import Model, Upstream
from lisa.gateway.health import Slots

TWO: Final = 2


@dataclass
class Queue:
    """The calls of one model: those under way at each upstream, and those that wait.

    Each model has its own, so that a model whose upstreams hang fills nobody else's.
    """

    longest: int
    patience: float
    slots: dict[str, Slots] = field(default_factory=dict)
    waiting: deque[asyncio.Future[None]] = field(default_factory=deque)

    def of(self, upstream: Upstream) -> Slots:
        """Return the state of an upstream, which outlives changes of the model."""
        found = self.slots.get(upstream.id)
        if found is None:
            found = self.slots[upstream.id] = Slots()
        return found

    async def enter(self, model: Model, without: Collection[str] = ()) -> Upstream | None:
        """Take a place at an upstream, waiting for one if all are full; None if none is left."""
        candidates = self._candidates(model, without)
        if not candidates:
            return None
        chosen = None if self.waiting else self._with_room(candidates)
        if chosen is None:
            chosen = await self._wait(model, without)
        self.of(chosen).under_way += 1
        return chosen

    def leave(self, upstream: Upstream) -> None:
        """Give the place back, to whoever waits longest."""
        self.of(upstream).under_way -= 1
        self._wake_next()

    def _candidates(self, model: Model, without: Collection[str]) -> list[Upstream]:
        """Return the healthy ones; where none is, whichever is left: it may be well again."""
        left = [each for each in model.upstreams if each.weight and each.id not in without]
        if len(left) < TWO:
            return left
        return [each for each in left if not self.of(each).circuit.is_open] or left

    def _with_room(self, candidates: list[Upstream]) -> Upstream | None:
        free = [each for each in candidates if self.of(each).under_way < each.concurrent]
        if len(free) < TWO:
            return free[0] if free else None
        drawn = random.choices(free, [each.weight for each in free], k=TWO)  # noqa: S311 - no secret
        return min(drawn, key=lambda each: self.of(each).under_way / each.weight)

    async def _wait(self, model: Model, without: Collection[str]) -> Upstream:
        if len(self.waiting) >= self.longest:
            raise _overloaded("too many calls are waiting for this model")
        try:
            async with asyncio.timeout(self.patience):
                await self._turn(self.waiting.append)
                while not (chosen := self._with_room(self._candidates(model, without))):
                    await self._turn(self.waiting.appendleft)
        except TimeoutError as error:
            raise _overloaded("this model is busy") from error
        return chosen

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
                self._wake_next()
            raise

    def _wake_next(self) -> None:
        while self.waiting:
            turn = self.waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return


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


def _overloaded(message: str) -> Unavailable:
    return Unavailable(message, next_step="try again in a moment", code="model_overloaded")
