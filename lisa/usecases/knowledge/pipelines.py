"""Pipelines as callers see them: what they did, when they look next, and looking at once."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from lisa.domain.conflicts import overtaken
from lisa.domain.errors import ConditionFailed, Invalid, NotFound
from lisa.domain.identity import Principal
from lisa.domain.knowledge.cron import read_cron
from lisa.domain.knowledge.pipeline import Pipeline, PipelineRun, Trigger
from lisa.domain.knowledge.repository import Repository
from lisa.domain.policy import Verb
from lisa.ports.clock import Clock
from lisa.stores.knowledge.pipelines import PipelineState, PipelineStore
from lisa.usecases.knowledge.access import Access

MOST_TRIES: Final = 20


@dataclass(frozen=True)
class PipelineView:
    """A pipeline, when it looks next (nothing: whenever something changes), and its last run."""

    pipeline: Pipeline
    next: datetime | None
    last: PipelineRun | None


@dataclass(frozen=True)
class Pipelines:
    """What callers can do with pipelines."""

    access: Access
    store: PipelineStore
    clock: Clock

    async def listing(self, caller: Principal, repository_id: str) -> list[PipelineView]:
        """Return a repository's pipelines."""
        repository = await self.access.repository(caller, repository_id)
        return [await self._view(repository, each) for each in repository.pipelines]

    async def runs(
        self, caller: Principal, repository_id: str, pipeline_id: str, limit: int, cursor: str
    ) -> tuple[list[PipelineRun], str]:
        """List what a pipeline did, newest first."""
        repository = await self.access.repository(caller, repository_id)
        _named(repository, pipeline_id)
        return await self.store.runs(repository.uid, pipeline_id, limit, cursor)

    async def run(self, caller: Principal, repository_id: str, pipeline_id: str) -> None:
        """Let it look at once; its run appears in the list as soon as a worker begins."""
        repository = await self.access.repository(caller, repository_id, Verb.CHANGE)
        _named(repository, pipeline_id)
        for _ in range(MOST_TRIES):
            now = self.clock.now()
            stored = await self.store.state(repository.uid, pipeline_id)
            old = stored or PipelineState(pipeline_id, now, now)
            try:
                await self.store.change(repository.uid, old, replace(old, asked=True))
            except ConditionFailed:
                continue
            return
        raise overtaken("the pipeline")

    async def _view(self, repository: Repository, pipeline: Pipeline) -> PipelineView:
        runs, _ = await self.store.runs(repository.uid, pipeline.id, 1, "")
        state = await self.store.state(repository.uid, pipeline.id)
        now = self.clock.now()
        due = next_look(pipeline, state.since if state else now)
        return PipelineView(pipeline, max(due, now) if due else None, runs[0] if runs else None)


def next_look(pipeline: Pipeline, since: datetime) -> datetime | None:
    """Return when a pipeline looks by its schedule; nothing where it has none."""
    if pipeline.trigger is not Trigger.SCHEDULE:
        return None
    try:
        return read_cron(pipeline.cron).after(since)
    except Invalid:  # stored by another release: it is told of by whoever changes it next
        return None


def _named(repository: Repository, pipeline_id: str) -> Pipeline:
    found = next((each for each in repository.pipelines if each.id == pipeline_id), None)
    if found is None:
        raise NotFound(
            f"the repository {repository.id} has no pipeline {pipeline_id[:80]}",
            next_step="GET its pipelines lists them",
            code="pipeline_not_found",
        )
    return found
