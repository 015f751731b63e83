"""What pipelines did: the newest runs of each are kept."""

from dataclasses import dataclass

from lisa.domain.knowledge.pipeline import PipelineRun
from lisa.domain.knowledge.repository import Repository
from lisa.ports.clock import Clock
from lisa.ports.ids import Ids
from lisa.stores.knowledge.pipelines import PipelineStore
from lisa.usecases.knowledge.names import RUN, timed_id


@dataclass(frozen=True)
class PipelineHistory:
    """Writes runs down."""

    store: PipelineStore
    clock: Clock
    ids: Ids

    async def begun(self, repository: Repository, pipeline_id: str) -> PipelineRun:
        """Write down that a run begins."""
        run_id, now = timed_id(self.ids, self.clock, RUN), self.clock.now()
        run = PipelineRun(id=run_id, pipeline_id=pipeline_id, began=now)
        await self.store.write(repository.uid, run)
        return run

    async def ended(self, repository: Repository, run: PipelineRun) -> None:
        """Write down what came of a run; one without an id is told of for the first time."""
        run_id = run.id or timed_id(self.ids, self.clock, RUN)
        ended = run.model_copy(update={"id": run_id, "ended": self.clock.now()})
        await self.store.write(repository.uid, ended)
        await self.store.forget_old(repository.uid, run.pipeline_id)
