"""Looking after models on their way: none stays there because its run was lost."""

from dataclasses import dataclass

from lisa.domain.errors import NotFound
from lisa.domain.lifecycle import ON_ITS_WAY, Phase
from lisa.domain.model import Model, ModelStatus
from lisa.ports.workflows import RunState, RunStatus, Workflows
from lisa.stores.model_events import Order
from lisa.usecases.lifecycle.beginning import WORKFLOWS
from lisa.usecases.lifecycle.telling import News, Telling


@dataclass(frozen=True)
class Recovery:
    """Begins runs that were ordered and never begun; tells of those that ended without a word."""

    telling: Telling
    workflows: Workflows

    async def look_after(self, model: Model) -> None:
        """Look after one model."""
        if model.status not in ON_ITS_WAY:
            return
        workflow = WORKFLOWS[model.status]
        kept = await self.telling.events.order(model.run)
        order = kept or Order(model.run, workflow, {"model": model.id})
        try:
            run = await self.workflows.state(order.workflow, order.run)
        except NotFound:
            await self.workflows.start(order.workflow, order.run, order.state)
        else:
            await self._tell_of(order, run)

    async def _tell_of(self, order: Order, run: RunState) -> None:
        state = {**order.state, "run": order.run, "workflow": order.workflow}
        if run.status is RunStatus.RUNNING or not await self.telling.unfinished(state):
            return
        cause = run.cause or f"its run is {run.status} and did not say why"
        helps = run.next_step or "delete the model: that removes what may still run"
        news = News(run.step, "its run is over", Phase.FAILED, cause, helps)
        await self.telling.tell(state, news, status=ModelStatus.FAILED, upstreams=())
