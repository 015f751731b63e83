"""The worker's part in pipelines: looks at sources when it is time, and orders what differs."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from lisa.domain.errors import ConditionFailed, Invalid, LisaError, Unavailable
from lisa.domain.knowledge.pipeline import Pipeline, Trigger
from lisa.domain.knowledge.repository import Repository
from lisa.ports.clock import Clock
from lisa.ports.sources import SourceFile, Sources
from lisa.stores.knowledge.collections import CollectionStore
from lisa.stores.knowledge.pipelines import PipelineState, PipelineStore
from lisa.stores.knowledge.repositories import RepositoryStore
from lisa.usecases.knowledge.pipeline_history import PipelineHistory
from lisa.usecases.knowledge.pipelines import next_look
from lisa.usecases.knowledge.sourcing import Sourcing
from lisa.usecases.knowledge.targets import target_of, usable

CLAIM: Final = timedelta(minutes=10)
COMPARED_EVERY: Final = timedelta(days=1)
TRIED_AGAIN_AFTER: Final = timedelta(minutes=1)
Marks = Mapping[str, str]
log = logging.getLogger("lisa.pipelines")


@dataclass(frozen=True)
class PipelineWatch:
    """Looks after the pipelines whose sources it can reach.

    One that `polls` looks at watched sources each time, and reads them as far as they stood still
    between two looks, so that nobody reads a file that is still being written. Else they tell of
    changes themselves; everything is compared at the beginning, and each day in case one got lost.
    """

    repositories: RepositoryStore
    collections: CollectionStore
    store: PipelineStore
    sources: Sources
    sourcing: Sourcing
    history: PipelineHistory
    clock: Clock
    polls: bool = True
    _seen: dict[tuple[str, str], Marks] = field(default_factory=dict, init=False)
    _read: dict[tuple[str, str], Marks] = field(default_factory=dict, init=False)

    async def look(self) -> None:
        """Look at all of them, once."""
        async for repository in usable(self.repositories):
            for pipeline in repository.pipelines:
                try:
                    await self._look(repository, pipeline)
                except ConditionFailed:
                    log.debug("somebody else looks after %s", pipeline.id)
                except LisaError as error:
                    log.warning("the pipeline %s: %s", pipeline.id, error.message)

    async def _look(self, repository: Repository, pipeline: Pipeline) -> None:
        now = self.clock.now()
        stored = await self.store.state(repository.uid, pipeline.id)
        state = stored or PipelineState(pipeline.id, now, now)
        if state.free > now:
            return
        due = self._due(pipeline, state)
        if state.asked or (due and due <= now):
            await self._run(repository, pipeline, state)
        elif self.polls and self._is_watched(pipeline):
            await self._watch(repository, pipeline, state)
        elif stored is None:
            await self.store.change(repository.uid, state, state)

    def _due(self, pipeline: Pipeline, state: PipelineState) -> datetime | None:
        """Return when everything is compared, whatever was or wasn't told of single files."""
        if self.polls or not self._is_watched(pipeline):
            return next_look(pipeline, state.since)
        is_other = state.source != pipeline.source
        return state.since if is_other else state.since + COMPARED_EVERY

    def _is_watched(self, pipeline: Pipeline) -> bool:
        return pipeline.trigger is Trigger.EVENT and self._reaches(pipeline)

    def _reaches(self, pipeline: Pipeline) -> bool:
        try:
            self.sources.check(pipeline.source)
        except Invalid:
            return False
        return True

    async def _watch(
        self, repository: Repository, pipeline: Pipeline, state: PipelineState
    ) -> None:
        """Order what came to differ, if anything did."""
        files = await self._files(pipeline)
        place = (repository.uid, pipeline.id)
        marks = {name: file.mark for name, file in files.items()}
        before, self._seen[place] = self._seen.get(place), marks
        if before is None or marks == self._read.get(place):
            return
        settled = frozenset(name for name, mark in marks.items() if before.get(name) == mark)
        claimed = await self._claimed(repository, state, state)
        collection = await target_of(self.collections, repository, pipeline)
        known = await self.sourcing.known(collection, pipeline)
        ordered = await self.sourcing.match(collection, pipeline, known, files, settled)
        if ordered.changes:
            await self.history.ended(repository, ordered.run)
        if len(settled) == len(marks) and not ordered.too_early:
            self._read[place] = marks
        await self._free(repository, claimed)

    async def _run(self, repository: Repository, pipeline: Pipeline, state: PipelineState) -> None:
        """Look because it is time, or because somebody wants it; it is told of in any case.

        It counts as asked for until it is over: a run whose process is killed begins anew, as does
        one that something unavailable broke off, which tells of itself and waits first.
        """
        asked = replace(state, asked=True, source=pipeline.source)
        claimed = await self._claimed(repository, state, asked)
        begun = await self.history.begun(repository, pipeline.id)
        broken_off = False
        try:
            collection = await target_of(self.collections, repository, pipeline)
            known = await self.sourcing.known(collection, pipeline)
            files = await self._files(pipeline)  # after that: else what comes now seems to be gone
            run = (await self.sourcing.match(collection, pipeline, known, files)).run
        except LisaError as error:
            run = begun.model_copy(update={"cause": error.message})
            broken_off = isinstance(error, Unavailable)
        about = {"id": begun.id, "began": begun.began}
        await self.history.ended(repository, run.model_copy(update=about))
        if broken_off:
            later = self.clock.now() + TRIED_AGAIN_AFTER
            await self.store.change(repository.uid, claimed, replace(claimed, free=later))
        else:
            await self._free(repository, claimed)

    async def _files(self, pipeline: Pipeline) -> dict[str, SourceFile]:
        return {each.source: each async for each in self.sources.files(pipeline.source)}

    async def _claimed(
        self, repository: Repository, old: PipelineState, new: PipelineState
    ) -> PipelineState:
        now = self.clock.now()
        taken = replace(new, since=now, free=now + CLAIM)
        return await self.store.change(repository.uid, old, taken)

    async def _free(self, repository: Repository, state: PipelineState) -> None:
        """Let others look; where somebody asked for it meanwhile, that stays."""
        now = self.clock.now()
        try:
            await self.store.change(repository.uid, state, replace(state, asked=False, free=now))
        except ConditionFailed:
            newest = await self.store.state(repository.uid, state.pipeline_id)
            if newest:
                await self.store.change(repository.uid, newest, replace(newest, free=now))
