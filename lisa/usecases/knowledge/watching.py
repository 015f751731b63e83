"""The worker's part in pipelines: looks at sources when it is time, and orders what differs."""

import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from lisa.domain.errors import ConditionFailed, Invalid, LisaError
from lisa.domain.knowledge.pipeline import Pipeline, PipelineRun, Trigger
from lisa.domain.knowledge.repository import (
    DEFAULT_COLLECTION,
    USABLE,
    Collection,
    CollectionStatus,
    Repository,
)
from lisa.ports.clock import Clock
from lisa.ports.ids import Ids
from lisa.ports.sources import SourceFile, Sources
from lisa.ports.table import MAX_PAGE
from lisa.stores.knowledge.collections import CollectionStore
from lisa.stores.knowledge.pipelines import PipelineState, PipelineStore
from lisa.stores.knowledge.repositories import RepositoryStore
from lisa.usecases.knowledge.access import collection_not_found
from lisa.usecases.knowledge.names import RUN, timed_id
from lisa.usecases.knowledge.pipelines import next_look
from lisa.usecases.knowledge.sourcing import Sourcing

CLAIM: Final = timedelta(minutes=10)
Marks = Mapping[str, str]
log = logging.getLogger("lisa.pipelines")


@dataclass(frozen=True)
class PipelineWatch:
    """Looks after the pipelines whose sources it can reach.

    A source that is watched is read as far as it stood still between two looks, so that nobody
    reads a file that is still being written.
    """

    repositories: RepositoryStore
    collections: CollectionStore
    store: PipelineStore
    sources: Sources
    sourcing: Sourcing
    clock: Clock
    ids: Ids
    _seen: dict[tuple[str, str], Marks] = field(default_factory=dict, init=False)
    _read: dict[tuple[str, str], Marks] = field(default_factory=dict, init=False)

    async def look(self) -> None:
        """Look at all of them, once."""
        async for repository in self._usable():
            for pipeline in repository.pipelines:
                try:
                    await self._look(repository, pipeline)
                except ConditionFailed:
                    log.debug("somebody else looks after %s", pipeline.id)
                except LisaError as error:
                    log.warning("the pipeline %s: %s", pipeline.id, error.message)

    async def _usable(self) -> AsyncIterator[Repository]:
        cursor, more = "", True
        while more:
            found, cursor = await self.repositories.page(MAX_PAGE, cursor)
            for each in found:
                if each.status in USABLE:
                    yield each
            more = bool(cursor)

    async def _look(self, repository: Repository, pipeline: Pipeline) -> None:
        now = self.clock.now()
        stored = await self.store.state(repository.uid, pipeline.id)
        state = stored or PipelineState(pipeline.id, now, now)
        if state.free > now:
            return
        due = next_look(pipeline, state.since)
        if state.asked or (due and due <= now):
            await self._run(repository, pipeline, state)
        elif pipeline.trigger is Trigger.EVENT and self._reaches(pipeline):
            await self._watch(repository, pipeline, state)
        elif stored is None:
            await self.store.change(repository.uid, state, state)

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
        claimed = await self._claimed(repository, state)
        collection = await self._collection(repository, pipeline)
        run = await self.sourcing.match(collection, pipeline, files, settled)
        if run.added or run.changed or run.removed:
            await self._written(repository, run)
        if len(settled) == len(marks):
            self._read[place] = marks
        await self._free(repository, claimed)

    async def _run(self, repository: Repository, pipeline: Pipeline, state: PipelineState) -> None:
        """Look because it is time, or because somebody wants it; it is told of in any case."""
        claimed = await self._claimed(repository, state)
        began = self.clock.now()
        run_id = timed_id(self.ids, self.clock, RUN)
        begun = PipelineRun(id=run_id, pipeline_id=pipeline.id, began=began)
        await self.store.write(repository.uid, begun)
        try:
            files = await self._files(pipeline)
            collection = await self._collection(repository, pipeline)
            run = await self.sourcing.match(collection, pipeline, files)
        except LisaError as error:
            run = begun.model_copy(update={"cause": error.message})
        await self._written(repository, run.model_copy(update={"id": run_id, "began": began}))
        await self._free(repository, claimed)

    async def _files(self, pipeline: Pipeline) -> dict[str, SourceFile]:
        return {each.source: each async for each in self.sources.files(pipeline.source)}

    async def _collection(self, repository: Repository, pipeline: Pipeline) -> Collection:
        name = pipeline.collection_id or DEFAULT_COLLECTION
        found = await self.collections.by_id(repository.id, name)
        if found is None or found.status is not CollectionStatus.ACTIVE:
            raise collection_not_found(repository.id, name)
        return found

    async def _claimed(self, repository: Repository, state: PipelineState) -> PipelineState:
        now = self.clock.now()
        taken = replace(state, asked=False, since=now, free=now + CLAIM)
        return await self.store.change(repository.uid, state, taken)

    async def _free(self, repository: Repository, state: PipelineState) -> None:
        """Let others look; where somebody asked for it meanwhile, that stays."""
        now = self.clock.now()
        try:
            await self.store.change(repository.uid, state, replace(state, free=now))
        except ConditionFailed:
            newest = await self.store.state(repository.uid, state.pipeline_id)
            if newest:
                await self.store.change(repository.uid, newest, replace(newest, free=now))

    async def _written(self, repository: Repository, run: PipelineRun) -> None:
        run_id = run.id or timed_id(self.ids, self.clock, RUN)
        ended = run.model_copy(update={"id": run_id, "ended": self.clock.now()})
        await self.store.write(repository.uid, ended)
        await self.store.forget_old(repository.uid, run.pipeline_id)
