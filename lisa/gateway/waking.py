"""Calls to a model that stands still: they have it started once, and are held until it answers.

A model that is stopping is waited for too: it is started when it has stopped.
"""

import asyncio
import time
from dataclasses import dataclass, field
from math import inf
from typing import Final, NoReturn

from lisa.domain.errors import LisaError, Unavailable
from lisa.domain.identity import Principal
from lisa.domain.model import Model, ModelStatus
from lisa.gateway.asking import Asked
from lisa.gateway.early import EarlyStream
from lisa.gateway.errors import not_in_service, told_of, unknown_model
from lisa.gateway.registry import Registry
from lisa.gateway.reply import Reply
from lisa.gateway.surface import Dialect
from lisa.ports.waking import Waker

WAITED_FOR: Final = frozenset(
    {
        ModelStatus.STOPPING,
        ModelStatus.STOPPED,
        ModelStatus.STARTING,
        ModelStatus.CREATING,
        ModelStatus.UPDATING,
    }
)
ASKED_AGAIN_AFTER: Final = 30.0  # seconds in which nothing came of it
PATIENCE: Final = 10.0  # with who is asked
TRIED_AGAIN_AFTER: Final = 30  # seconds, by callers
TRIED_ELSEWHERE_AFTER: Final = 1


@dataclass(frozen=True)
class WakingBounds:
    """How long calls are held, in seconds, and how many of one model."""

    longest: float = 600
    silent: float = 10  # until a stream's head goes out
    sign_every: float = 5
    most: int = 256


@dataclass
class Line:
    """Those who wait for one model, and what was done about it last."""

    waiting: int = 0
    asking: asyncio.Task[LisaError | None] | None = None
    asked_for: int = 0  # the model's version
    asked_at: float = -inf


@dataclass
class Signs:
    """What a caller is shown while waiting: nothing at first, then signs of life in a stream."""

    asked: Asked
    reply: Reply
    model_id: str
    bounds: WakingBounds
    due: float
    _stream: EarlyStream | None = None

    async def give(self) -> None:
        """Give one, if the caller can take any."""
        self.due = time.monotonic() + self.bounds.sign_every
        if not (self.asked.streams and self.asked.endpoint.completes):
            return
        if self._stream is None:
            speaks_anthropic = self.asked.dialect is Dialect.ANTHROPIC
            self._stream = await self.reply.begin_stream(
                [(b"x-lisa-model", self.model_id.encode())],
                b"event: error\n" if speaks_anthropic else b"",
            )
        await self._stream.comment(f"waking {self.model_id}")


@dataclass(frozen=True)
class Waking:
    """Holds calls; the models' own record says when they may go on."""

    registry: Registry
    waker: Waker
    bounds: WakingBounds
    _lines: dict[str, Line] = field(default_factory=dict, init=False)
    _ending: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    def let_go(self) -> None:
        """Answer all who are held, and hold nobody any more: this gateway is about to end."""
        self._ending.set()
        self.registry.look_again()

    async def begin(self, caller: Principal, model: Model) -> NoReturn:
        """Have it started, and hold nobody up: the call can be answered elsewhere."""
        await self._ask(self._line(model), caller, model)
        raise not_in_service(model)

    async def until_ready(self, model: Model, asked: Asked, reply: Reply) -> Model:
        """Have it started, and return the model that can be called; raise why it can't be."""
        line = self._line(model)
        if line.waiting >= self.bounds.most:
            raise Unavailable(
                f"too many calls wait for the model `{model.id}` to start",
                next_step="try again when it has started",
                code="model_overloaded",
                retry_after=TRIED_AGAIN_AFTER,
            )
        longest = min(self.bounds.longest, model.timeouts.total)
        due = time.monotonic() + self.bounds.silent
        line.waiting += 1
        try:
            async with asyncio.timeout(longest):
                signs = Signs(asked, reply, model.id, self.bounds, due)
                return await self._ready(line, model.id, asked.caller, signs)
        except TimeoutError as error:
            raise self._too_late(model, longest) from error
        finally:
            line.waiting -= 1

    def waiting(self, model_id: str) -> int:
        """Return how many calls of a model are held."""
        return self._lines[model_id].waiting if model_id in self._lines else 0

    def _line(self, model: Model) -> Line:
        return self._lines.setdefault(model.id, Line())

    async def _ready(self, line: Line, model_id: str, caller: Principal, signs: Signs) -> Model:
        while True:
            change, model = self.registry.next_change(), self.registry.get(model_id)
            if model is None:
                raise unknown_model(model_id)
            if model.in_service and model.upstreams:
                return model
            if not model.in_service and model.status not in WAITED_FOR:
                raise not_in_service(model)
            if self._ending.is_set():
                raise _ending(model)
            await self._ask(line, caller, model)
            try:
                async with asyncio.timeout(signs.due - time.monotonic()):
                    await change.wait()
            except TimeoutError:
                await signs.give()

    async def _ask(self, line: Line, caller: Principal, model: Model) -> None:
        """Have a stopped model started, unless that is being done; others are on their way."""
        if model.status is not ModelStatus.STOPPED:
            return
        if line.asking is None:
            quiet = time.monotonic() - line.asked_at
            if line.asked_for == model.version and quiet < ASKED_AGAIN_AFTER:
                return
            line.asking = asyncio.create_task(self._wake(line, caller, model))
        if failure := await asyncio.shield(line.asking):
            raise Unavailable(
                f"the model `{model.id}` can't be started: {failure.message}",
                next_step=failure.next_step or "try again in a moment",
                code="model_not_started",
                retry_after=TRIED_AGAIN_AFTER,
            ) from failure

    async def _wake(self, line: Line, caller: Principal, model: Model) -> LisaError | None:
        """Ask, for all who wait; it goes on even if the caller who came first hangs up."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self.waker.wake(caller, model.id)
        except TimeoutError:
            return Unavailable("nobody says that it is being started")
        except LisaError as error:
            return error
        finally:
            line.asking = None
        line.asked_for, line.asked_at = model.version, time.monotonic()
        return None

    def _too_late(self, model: Model, seconds: float) -> Unavailable:
        now = self.registry.get(model.id) or model
        return Unavailable(
            f"the model `{model.id}` hasn't started within {seconds:g} s; it is {told_of(now)}",
            next_step="try again in a minute",
            code="model_not_in_service",
            retry_after=TRIED_AGAIN_AFTER,
        )


def _ending(model: Model) -> Unavailable:
    return Unavailable(
        f"the model `{model.id}` is {told_of(model)}, and this gateway ends before it has started",
        next_step="try again now: another gateway goes on waiting for it",
        code="gateway_ending",
        retry_after=TRIED_ELSEWHERE_AFTER,
    )
