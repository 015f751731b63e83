"""Whether a caller gets at a repository and a collection: asked before anything is done in them.

What a caller may not even read isn't there, in the same words as what never was.
"""

import re
from dataclasses import dataclass
from typing import Final

from lisa.domain.errors import Conflict, NotFound
from lisa.domain.identity import Principal
from lisa.domain.knowledge.repository import USABLE, Collection, CollectionStatus, Repository
from lisa.domain.policy import Verb, decide, require
from lisa.stores.knowledge.collections import CollectionStore
from lisa.stores.knowledge.repositories import RepositoryStore

ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}")
AT_WORK: Final = frozenset({Verb.USE, Verb.CREATE})  # needs a store that answers


@dataclass(frozen=True)
class Reach:
    """A collection, and the repository it is in."""

    repository: Repository
    collection: Collection


@dataclass(frozen=True)
class Access:
    """Leads callers to repositories and collections."""

    repositories: RepositoryStore
    collections: CollectionStore

    async def repository(
        self, caller: Principal, repository_id: str, verb: Verb = Verb.READ
    ) -> Repository:
        """Return the repository, to do this with it.

        Raises `NotFound`, `Forbidden`, and `Conflict` where it is to be used and isn't ready.
        """
        known = ID.fullmatch(repository_id) is not None
        found = await self.repositories.by_id(repository_id) if known else None
        if found is None or not decide(caller, Verb.READ, found.thing()).allowed:
            raise repository_not_found(repository_id)
        require(caller, verb, found.thing())
        if verb in AT_WORK:
            refuse_unready(found)
        return found

    async def collection(
        self,
        caller: Principal,
        repository_id: str,
        collection_id: str,
        verb: Verb = Verb.USE,
    ) -> Reach:
        """Return the collection, to do this with it; raises as `repository` does."""
        repository = await self.repository(caller, repository_id)
        known = ID.fullmatch(collection_id) is not None
        found = await self.collections.by_id(repository.id, collection_id) if known else None
        if found is None or not _is_there_for(caller, Reach(repository, found), verb):
            raise collection_not_found(repository_id, collection_id)
        require(caller, verb, found.thing(repository))
        if verb in AT_WORK:
            refuse_unready(repository)
            _refuse_inactive(found)
        return Reach(repository, found)


def may_read(caller: Principal, reach: Reach) -> bool:
    """Tell whether the caller may know of a collection."""
    both = (reach.repository.thing(), reach.collection.thing(reach.repository))
    return all(decide(caller, Verb.READ, thing).allowed for thing in both)


def _is_there_for(caller: Principal, reach: Reach, verb: Verb) -> bool:
    """Tell whether it may be known of: an administrator removes what others keep to themselves."""
    thing = reach.collection.thing(reach.repository)
    return may_read(caller, reach) or decide(caller, verb, thing).allowed


def refuse_unready(repository: Repository) -> None:
    """Refuse to work in a repository whose store isn't there."""
    if repository.status not in USABLE:
        raise Conflict(
            f"the repository {repository.id} is not ready: {repository.status}",
            next_step=repository.next_step or "wait until it is, or ask an administrator",
            code="repository_not_ready",
        )


def repository_not_found(repository_id: str) -> NotFound:
    """Say that there is none."""
    return NotFound(
        f"there is no repository {repository_id[:128]}",
        next_step="GET /repositories lists those you may use",
        code="repository_not_found",
    )


def collection_not_found(repository_id: str, collection_id: str) -> NotFound:
    """Say that there is none."""
    return NotFound(
        f"there is no collection {collection_id[:128]} in {repository_id[:128]}",
        next_step="GET /collections lists those you may use",
        code="collection_not_found",
    )


def _refuse_inactive(collection: Collection) -> None:
    if collection.status is not CollectionStatus.ACTIVE:
        raise Conflict(
            f"the collection {collection.id} is not in use: {collection.status}",
            next_step="make it ACTIVE again, or use another one",
            code="collection_not_ready",
        )
