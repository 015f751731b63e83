"""Steps after a failure: what was comes back where it can, and the reason is told."""

from dataclasses import dataclass
from typing import Final

from lisa.domain.errors import LisaError
from lisa.domain.hosting import Hosting
from lisa.domain.lifecycle import Phase
from lisa.domain.model import Model, ModelStatus, Upstream
from lisa.usecases.lifecycle.ground import Ground, hosting_of
from lisa.usecases.lifecycle.telling import News, State

ENDING: Final = ("stop_model", "delete_model")  # nothing is undone where these fail


@dataclass(frozen=True)
class Failing:
    """The steps, by their names."""

    ground: Ground

    async def bring_back_what_was(self, state: State) -> State:
        """Undo an update: let the former model run again."""
        model = await self.ground.telling.unfinished(state)
        if model is None:
            return {}
        former = Hosting.model_validate(state["former"])
        host = self.ground.host(former)
        await self.ground.run(model.id, former)
        await self.ground.answering(model, await self.ground.ready(model.id, host))
        news = News("bring back what was", "it runs as before the update", Phase.UNDONE)
        await self.ground.telling.tell(state, news, hosting=former)
        return {}

    async def say_why(self, state: State) -> State:
        """Say what failed, and what helps; a model that answers as before is in service."""
        model = await self.ground.telling.unfinished(state)
        if model is None:
            return {}
        upstreams = await self._as_before(model, state)
        status = ModelStatus.IN_SERVICE if upstreams else ModelStatus.FAILED
        await self.ground.telling.tell(
            state, _why(state, still_serves=bool(upstreams)), status=status, upstreams=upstreams
        )
        return {}

    async def _as_before(self, model: Model, state: State) -> tuple[Upstream, ...]:
        """Return the addresses of a model whose update was undone."""
        if "former" not in state or hosting_of(model) != Hosting.model_validate(state["former"]):
            return ()
        try:
            host = self.ground.host(hosting_of(model))
            return await self.ground.answering(model, await self.ground.ready(model.id, host))
        except LisaError:
            return ()


def _why(state: State, *, still_serves: bool) -> News:
    failure = state["failure"]
    cause = f"{failure['step']}: {failure['cause']}"
    if failure["also_failed"]:
        cause += f" (and then failed: {', '.join(failure['also_failed'])})"
    words = "the update failed, it serves as before" if still_serves else "it failed"
    helps = failure["next_step"] or "look at its timeline"
    if failure["also_failed"] or state["workflow"] in ENDING:
        helps += "; something may still run: delete the model to remove it"
    return News(failure["step"], words, Phase.FAILED, cause, helps)
