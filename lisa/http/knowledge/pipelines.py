"""Pipelines of a repository: `/repositories/{r}/pipelines`; they are changed with it."""

from datetime import datetime

from pydantic import Field

from lisa.domain.knowledge.pipeline import PipelineRun
from lisa.http.knowledge.door import PipelinePath, RepositoryPath, Turned, Uses, knowledge_router
from lisa.http.knowledge.shown import PipelineShown, Shown
from lisa.http.services import Caller
from lisa.usecases.knowledge.pipelines import PipelineView

PLACE = "/repositories/{repository_id}/pipelines"
router = knowledge_router()


class RunOut(Shown):
    """One time that a pipeline looked, and what came of it."""

    run_id: str
    pipeline_id: str
    began: datetime
    ended: datetime | None
    added: int
    changed: int
    removed: int
    failed: int
    cause: str

    @classmethod
    def of(cls, run: PipelineRun) -> "RunOut":
        """Show a run."""
        return cls.model_validate(run.model_dump(exclude={"id"}) | {"run_id": run.id})


class PipelineOut(PipelineShown):
    """A pipeline, when it looks next (null: when something changes), and its last run."""

    next: datetime | None
    last: RunOut | None

    @classmethod
    def view(cls, view: PipelineView) -> "PipelineOut":
        """Show a pipeline."""
        last = RunOut.of(view.last) if view.last else None
        return cls.model_validate(view.pipeline.model_dump() | {"next": view.next, "last": last})


class PipelinesOut(Shown):
    """All pipelines of a repository."""

    pipelines: list[PipelineOut]


class RunPage(Shown):
    """What a pipeline did, newest first."""

    runs: list[RunOut]
    next_cursor: str = Field(description="Send it back as `cursor`; empty at the end.")


class Begun(Shown):
    """That a pipeline will look at once."""

    pipeline_id: str


@router.get(PLACE)
async def listing(uses: Uses, caller: Caller, repository_id: RepositoryPath) -> PipelinesOut:
    """List the pipelines of a repository."""
    found = await uses.pipelines.listing(caller, repository_id)
    return PipelinesOut(pipelines=[PipelineOut.view(each) for each in found])


@router.get(PLACE + "/{pipeline_id}/runs")
async def runs(
    uses: Uses,
    caller: Caller,
    turn: Turned,
    repository_id: RepositoryPath,
    pipeline_id: PipelinePath,
) -> RunPage:
    """List what a pipeline did."""
    found, go_on = await uses.pipelines.runs(
        caller, repository_id, pipeline_id, turn.limit, turn.cursor
    )
    turn.lead_on(go_on)
    return RunPage(runs=[RunOut.of(each) for each in found], next_cursor=go_on)


@router.post(PLACE + "/{pipeline_id}/run", status_code=202)
async def run(
    uses: Uses, caller: Caller, repository_id: RepositoryPath, pipeline_id: PipelinePath
) -> Begun:
    """Let a pipeline look at once."""
    await uses.pipelines.run(caller, repository_id, pipeline_id)
    return Begun(pipeline_id=pipeline_id)
