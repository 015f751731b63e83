"""What a run writes of a model: each event in one transaction with what it tells of."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from lisa.domain.errors import ConditionFailed, Conflict, NotFound, Unavailable
from lisa.domain.lifecycle import ON_ITS_WAY, ModelEvent, Phase, refuse_illegal
from lisa.domain.model import Model, ModelStatus
from lisa.ports.clock import Clock
from lisa.stores.model_events import ModelEvents
from lisa.stores.models import ModelStore

State: TypeAlias = dict[str, Any]  # of a run: a JSON object

MOST_TRIES: Final = 20
LONGEST: Final = 1000


@dataclass(frozen=True)
class News:
    """What a step has to tell."""

    step: str
    words: str
    phase: Phase = Phase.DONE
    cause: str = ""
    next_step: str = ""


@dataclass(frozen=True)
class Telling:
    """Reads and writes the model of a run, as long as no other run has taken it over."""

    models: ModelStore
    events: ModelEvents
    clock: Clock

    async def mine(self, state: State) -> Model:
        """Return the run's model."""
        model = await self.models.by_id(state["model"])
        if model is None:
            raise NotFound(f"the model {state['model']} is gone", code="model_not_found")
        if model.run != state["run"]:
            raise Conflict(
                f"something else is being done with the model {model.id} by now",
                next_step="look at its timeline",
                code="run_overtaken",
            )
        return model

    async def unfinished(self, state: State) -> Model | None:
        """Return the run's model if it is still on its way; what has arrived stays there."""
        model = await self.models.by_id(state["model"])
        mine = model is not None and model.run == state["run"] and model.status in ON_ITS_WAY
        return model if mine else None

    async def tell(self, state: State, news: News, **changes: object) -> None:
        """Write what happened and what changes by it; to tell it again at once does nothing."""
        for _ in range(MOST_TRIES):
            model = await self.mine(state)
            if await self._is_newest(state, news):
                return
            new = self._after(model, news, changes)
            try:
                event = self._event(state, news, new)
                await self.models.change(model, new, self.events.step(event))
            except ConditionFailed:
                continue
            return
        raise _overtaken()

    async def forget(self, state: State, news: News) -> None:
        """Write what happened, and that there is no such model any more."""
        for _ in range(MOST_TRIES):
            if await self.models.by_id(state["model"]) is None:
                return
            model = await self.mine(state)
            try:
                event = self._event(state, news, model)
                await self.models.remove(model, self.events.step(event))
            except ConditionFailed:
                continue
            return
        raise _overtaken()

    @asynccontextmanager
    async def waiting(self, state: State, step: str) -> AsyncIterator[None]:
        """Tell what is still waited for."""
        try:
            yield
        except Unavailable as error:
            await self.tell(state, News(step, error.message, Phase.GOING_ON))
            raise

    async def _is_newest(self, state: State, news: News) -> bool:
        newest = await self.events.newest(state["model"])
        if newest is None or newest.run != state["run"]:
            return False
        told = (newest.step, newest.phase, newest.words, newest.cause)
        return told == (news.step, news.phase, news.words[:LONGEST], news.cause[:LONGEST])

    def _after(self, model: Model, news: News, changes: dict[str, object]) -> Model:
        status = changes.get("status", model.status)
        if isinstance(status, ModelStatus) and status is not model.status:
            refuse_illegal(model.id, model.status, status)
        under_way = status in ON_ITS_WAY
        about = {
            "reason": (news.words if under_way else news.cause)[:LONGEST],
            "next_step": news.next_step[:LONGEST],
            "changed": self.clock.now(),
        }
        return model.model_copy(update={**about, **changes})

    def _event(self, state: State, news: News, model: Model) -> ModelEvent:
        """Return the event of a change that raises the model's version by one."""
        return ModelEvent(
            model_id=model.id,
            sequence=model.version + 1,
            at=self.clock.now(),
            run=state["run"],
            workflow=state["workflow"],
            step=news.step,
            phase=news.phase,
            status=model.status,
            words=news.words[:LONGEST],
            cause=news.cause[:LONGEST],
            next_step=news.next_step[:LONGEST],
        )


def _overtaken() -> Unavailable:
    return Unavailable("the model changes too fast")
