"""What becomes of a collection that was emptied, and of its repository after the last one."""

from dataclasses import dataclass
from typing import Final

from lisa.domain.conflicts import overtaken
from lisa.domain.errors import ConditionFailed
from lisa.domain.knowledge.repository import (
    Collection,
    CollectionStatus,
    Repository,
    RepositoryStatus,
)
from lisa.stores.knowledge.repositories import RepositoryStore
from lisa.usecases.knowledge.emptying import Marking
from lisa.usecases.knowledge.store_runs import StoreRuns

MOST_TRIES: Final = 20


@dataclass(frozen=True)
class Endings:
    """Ends collections and repositories that are being deleted.

    Without `runs` somebody else begins what removes a store that we made.
    """

    repositories: RepositoryStore
    marking: Marking
    runs: StoreRuns | None = None

    async def emptied(self, repository_id: str, collection_id: str) -> None:
        """Take note that nothing is in a collection any more, neither documents nor its space.

        One that is its repository's default can be filled again, unless that ends as well.
        """
        for _ in range(MOST_TRIES):
            repository = await self.repositories.by_id(repository_id)
            collection = await self.marking.collections.by_id(repository_id, collection_id)
            try:
                if collection and collection.status is CollectionStatus.DELETING:
                    await self._end(repository, collection)
            except ConditionFailed:
                continue
            return await self.go_on(repository_id)
        raise overtaken("the collection")

    async def go_on(self, repository_id: str) -> None:
        """Where a repository is being deleted: have its collections emptied, or let it go.

        One whose store we made is forgotten when nothing is left of that.
        """
        for _ in range(MOST_TRIES):
            repository = await self.repositories.by_id(repository_id)
            if repository is None or repository.status is not RepositoryStatus.DELETING:
                return
            try:
                if await self.marking.mark_all(repository.id, repository.created_by):
                    return
                if repository.store.own:
                    await self._take_away(repository)
                else:
                    await self.repositories.remove(repository)
            except ConditionFailed:
                continue
            return
        raise overtaken("the repository")

    async def _take_away(self, repository: Repository) -> None:
        """Have its store removed; the run is written before it is begun."""
        if not repository.run:
            run = f"delete-{repository.uid}-{repository.version}"
            named = repository.model_copy(update={"run": run})
            repository = await self.repositories.change(repository, named)
        if self.runs:
            await self.runs.begin(repository)

    async def _end(self, repository: Repository | None, collection: Collection) -> None:
        stays = repository is not None and repository.status is not RepositoryStatus.DELETING
        if not (collection.is_default and stays):
            await self.marking.collections.remove(collection)
            return
        empty = {"status": CollectionStatus.ACTIVE, "dimension": 0}
        empty["updated"] = self.marking.clock.now()
        again = collection.model_copy(update=empty)
        await self.marking.collections.change(collection, again)
