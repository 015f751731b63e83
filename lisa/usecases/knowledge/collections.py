"""Collections: made, listed, changed, deleted with all that is in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from lisa.domain.audit import Deed
from lisa.domain.conflicts import outdated, overtaken
from lisa.domain.errors import ConditionFailed, Conflict, Invalid, LisaError
from lisa.domain.identity import Principal
from lisa.domain.knowledge.job import Job
from lisa.domain.knowledge.repository import Collection, CollectionStatus, Repository
from lisa.domain.policy import Verb, require
from lisa.ports.clock import Clock
from lisa.ports.ids import Ids
from lisa.ports.table import Step
from lisa.ports.vectors import Contents, Stores
from lisa.stores.knowledge.collections import one_more
from lisa.stores.knowledge.repositories import unchanged
from lisa.stores.models import ModelStore
from lisa.usecases.audit import Audit
from lisa.usecases.knowledge.access import Access, Reach, may_read
from lisa.usecases.knowledge.emptying import Marking
from lisa.usecases.knowledge.repositories import Changes
from lisa.usecases.knowledge.rules import (
    collection_checked,
    collection_exists,
    name_taken,
    refuse_unusable_embedder,
)
from lisa.usecases.knowledge.spaces import space_of

MOST_TRIES: Final = 20
MOST_LOOKS: Final = 20
OF_ID, OF_NAME, OF_REPOSITORY = 0, 1, 3  # which condition of an addition failed
OF_COUNT: Final = 5
MOST_OWN: Final = 1000  # private ones of one person
SETTABLE: Final = frozenset({CollectionStatus.ACTIVE, CollectionStatus.ARCHIVED})


@dataclass(frozen=True)
class Collections:
    """What a caller can do with collections."""

    access: Access
    models: ModelStore
    stores: Stores
    marking: Marking
    clock: Clock
    ids: Ids
    audit: Audit
    most_own: int = MOST_OWN

    async def create(
        self, caller: Principal, repository_id: str, fields: Mapping[str, object]
    ) -> Reach:
        """Make a collection; a private one is for whoever may use the repository to make."""
        for _ in range(MOST_TRIES):
            repository = await self.access.repository(caller, repository_id, Verb.USE)
            made = self._made(caller, repository, fields)
            require(caller, Verb.CREATE, made.thing(repository))
            await refuse_unusable_embedder(self.models, caller, made.embedding_model)
            record = await self.audit.step(caller, _deed(Verb.CREATE, after=made))
            counted = await self._counted(made)
            try:
                await self.access.collections.add(made, unchanged(repository), record, *counted)
            except ConditionFailed as failure:
                if {OF_REPOSITORY, OF_COUNT} & {*failure.failed}:
                    continue
                raise _taken(made, failure) from failure
            return Reach(repository, made)
        raise overtaken("the repository")

    async def page(
        self,
        caller: Principal,
        *,
        limit: int,
        cursor: str,
        repository_id: str = "",
        query: str = "",
    ) -> tuple[list[Reach], str]:
        """List the collections that the caller may see; a page may be short.

        Those of one repository, or of all; those whose name or id has the query in it, or all.
        """
        known: dict[str, Repository | None] = {}
        if repository_id:
            known[repository_id] = await self.access.repository(caller, repository_id)
        found: list[Reach] = []
        for _ in range(MOST_LOOKS):
            page, cursor = await self.access.collections.everywhere(
                caller.subject, limit - len(found), cursor, repository_id
            )
            found += [
                reach
                for collection in page
                if (reach := await self._seen(caller, collection, known)) and _fits(reach, query)
            ]
            if not cursor or len(found) == limit:
                break
        return found, cursor

    async def get(self, caller: Principal, repository_id: str, collection_id: str) -> Reach:
        """Return a collection; one that the caller may not see isn't there."""
        return await self.access.collection(caller, repository_id, collection_id, Verb.READ)

    async def contents(self, caller: Principal, repository_id: str, collection_id: str) -> Contents:
        """Count what can be found in a collection."""
        reach = await self.access.collection(caller, repository_id, collection_id, Verb.READ)
        collection = reach.collection
        if not collection.dimension:
            return Contents(documents=0, passages=0)
        return await (await self.stores.of(repository_id)).contents(space_of(collection))

    async def update(
        self, caller: Principal, repository_id: str, collection_id: str, changes: Changes
    ) -> Reach:
        """Change a collection; where somebody else was faster, on top of theirs."""
        for _ in range(MOST_TRIES):
            reach = await self.access.collection(caller, repository_id, collection_id, Verb.CHANGE)
            old = reach.collection
            if changes.version not in {None, old.version}:
                raise outdated(f"the collection {old.id}", old.version)
            try:
                return await self._replace(caller, reach, changes)
            except ConditionFailed as failure:
                if 0 not in failure.failed:
                    raise name_taken(str(changes.fields.get("name"))) from failure
        raise overtaken("the collection")

    async def remove(
        self, caller: Principal, repository_id: str, collection_id: str
    ) -> tuple[Reach, Job]:
        """Begin to delete a collection with its documents; the default one is emptied only."""
        for _ in range(MOST_TRIES):
            reach = await self.access.collection(caller, repository_id, collection_id, Verb.DELETE)
            _refuse_while_deleting(reach.collection)
            record = await self.audit.step(caller, _deed(Verb.DELETE, before=reach.collection))
            try:
                job = await self.marking.mark(reach.collection, caller.subject, record)
            except ConditionFailed:
                continue
            return reach, job
        raise overtaken("the collection")

    def _made(
        self, caller: Principal, repository: Repository, fields: Mapping[str, object]
    ) -> Collection:
        now = self.clock.now()
        inherited = {
            "embedding_model": repository.embedding_model,
            "chunking": repository.chunking,
            "allows_chunking_override": repository.allows_chunking_override,
        }
        about = {
            "repository_id": repository.id,
            "uid": self.ids.new("c"),
            "created": now,
            "created_by": caller.subject,
            "updated": now,
        }
        fresh = self.ids.new("col")
        wanted = {"id": fresh, **inherited, **fields, **about}
        # An id of one's own choice could tell of what others keep to themselves.
        return collection_checked(wanted | ({"id": fresh} if fields.get("private") else {}))

    async def _counted(self, made: Collection) -> list[Step]:
        """Return what counts a private one; refuse one too many."""
        if not made.private:
            return []
        count = await self.access.collections.count(made.created_by)
        if count.collections >= self.most_own:
            raise Invalid(
                f"you have {count.collections} private collections, and {self.most_own} is the "
                "most one may have",
                next_step="delete those that you don't need any more",
                code="too_many_collections",
            )
        return [one_more(made.created_by, count)]

    async def _seen(
        self, caller: Principal, collection: Collection, known: dict[str, Repository | None]
    ) -> Reach | None:
        there = collection.repository_id
        if there not in known:
            known[there] = await self.access.repositories.by_id(there)
        repository = known[there]
        reach = Reach(repository, collection) if repository else None
        return reach if reach and may_read(caller, reach) else None

    async def _replace(self, caller: Principal, reach: Reach, changes: Changes) -> Reach:
        old, repository = reach.collection, reach.repository
        _refuse_while_deleting(old)
        former = {name: getattr(old, name) for name in Collection.model_fields}
        new = collection_checked({**former, **changes.fields, "updated": self.clock.now()})
        if new.status not in SETTABLE:
            raise Invalid(
                f"a collection can't be made {new.status}",
                next_step=f"send {' or '.join(sorted(SETTABLE))}, or delete it",
                code="bad_status",
            )
        require(caller, Verb.CHANGE, new.thing(repository))
        record = await self.audit.step(caller, _deed(Verb.CHANGE, before=old, after=new))
        changed = await self.access.collections.change(old, new, record)
        return Reach(repository, changed)


def _fits(reach: Reach, query: str) -> bool:
    collection, words = reach.collection, query.casefold()
    return words in collection.name.casefold() or words in collection.id.casefold()


def _taken(made: Collection, failure: ConditionFailed) -> LisaError:
    return collection_exists(made.id) if OF_ID in failure.failed else name_taken(made.name)


def _refuse_while_deleting(collection: Collection) -> None:
    if collection.status is CollectionStatus.DELETING:
        raise Conflict(
            f"the collection {collection.id} is being deleted",
            next_step="use another one",
            code="being_deleted",
        )


def _deed(verb: str, *, before: Collection | None = None, after: Collection | None = None) -> Deed:
    collection = after or before
    return Deed(
        verb,
        "collection",
        f"{collection.repository_id}.{collection.id}" if collection else "",
        before=_told(before) if before else None,
        after=_told(after) if after else None,
    )


def _told(collection: Collection) -> dict[str, JsonValue]:
    told = collection.model_dump(mode="json", exclude={"version", "updated"}, exclude_none=True)
    if collection.groups is not None:
        told["groups"] = sorted(collection.groups)
    return told
