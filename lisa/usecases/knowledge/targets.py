"""Whose pipelines work at present, and the collections they lead into."""

from collections.abc import AsyncIterator

from lisa.domain.knowledge.pipeline import Pipeline
from lisa.domain.knowledge.repository import (
    DEFAULT_COLLECTION,
    USABLE,
    Collection,
    CollectionStatus,
    Repository,
)
from lisa.ports.table import MAX_PAGE
from lisa.stores.knowledge.collections import CollectionStore
from lisa.stores.knowledge.repositories import RepositoryStore
from lisa.usecases.knowledge.access import collection_not_found


async def usable(repositories: RepositoryStore) -> AsyncIterator[Repository]:
    """Yield the repositories that can be filled."""
    cursor, more = "", True
    while more:
        found, cursor = await repositories.page(MAX_PAGE, cursor)
        for each in found:
            if each.status in USABLE:
                yield each
        more = bool(cursor)


async def target_of(
    collections: CollectionStore, repository: Repository, pipeline: Pipeline
) -> Collection:
    """Return the collection that a pipeline leads into, else raise `NotFound`."""
    name = pipeline.collection_id or DEFAULT_COLLECTION
    found = await collections.by_id(repository.id, name)
    if found is None or found.status is not CollectionStatus.ACTIVE:
        raise collection_not_found(repository.id, name)
    return found
