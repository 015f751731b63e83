"""What becomes of files that a source told of: pipelines that watch there follow it.

An event says where to look, and nothing more of it is believed: told twice, late or in another
order than things happened, it leads to what lies there now.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from lisa.domain.errors import Invalid, LisaError, NotFound
from lisa.domain.knowledge.pipeline import Pipeline, Trigger
from lisa.domain.knowledge.repository import Repository
from lisa.ports.sources import SourceFile, Sources, lies_below
from lisa.stores.knowledge.collections import CollectionStore
from lisa.stores.knowledge.repositories import RepositoryStore
from lisa.usecases.knowledge.pipeline_history import PipelineHistory
from lisa.usecases.knowledge.sourcing import Sourcing
from lisa.usecases.knowledge.targets import target_of, usable

NOTHING: Final = frozenset[str]()
Found: TypeAlias = Mapping[str, SourceFile | None]
log = logging.getLogger("lisa.pipelines")


@dataclass(frozen=True)
class SourceEvents:
    """Follows what sources tell."""

    repositories: RepositoryStore
    collections: CollectionStore
    sources: Sources
    sourcing: Sourcing
    history: PipelineHistory

    async def take(self, told: Collection[str]) -> frozenset[str]:
        """Order what became of these files; return those that have to be told of again, later."""
        files = [each for each in told if self._is_allowed(each)]
        if not files:
            return NOTHING
        again = NOTHING
        async for repository in usable(self.repositories):
            for pipeline in repository.pipelines:
                watched = [each for each in files if _watches(pipeline, each)]
                if watched:
                    again |= await self._follow(repository, pipeline, watched)
        return again

    def _is_allowed(self, file: str) -> bool:
        try:
            self.sources.check(file)
        except Invalid:
            log.warning("an event of a place that LISA may not load from is left out")
            return False
        return True

    async def _follow(
        self, repository: Repository, pipeline: Pipeline, files: Sequence[str]
    ) -> frozenset[str]:
        try:
            found: Found = {each: await self.sources.look(each) for each in files}
            collection = await target_of(self.collections, repository, pipeline)
            ordered = await self.sourcing.follow(collection, pipeline, found)
            if ordered.changes or ordered.run.failed:
                await self.history.ended(repository, ordered.run)
            changed = await self._changed_since(found) if ordered.changes else NOTHING
        except LisaError as error:
            log.warning("the pipeline %s: %s", pipeline.id, error.message)
            return NOTHING if isinstance(error, Invalid | NotFound) else frozenset(files)
        return ordered.too_early | changed

    async def _changed_since(self, found: Found) -> frozenset[str]:
        """Return what changed while it was ordered: who followed that didn't see our orders."""
        return frozenset([each for each in found if await self.sources.look(each) != found[each]])


def _watches(pipeline: Pipeline, file: str) -> bool:
    return pipeline.trigger is Trigger.EVENT and lies_below(pipeline.source, file)
