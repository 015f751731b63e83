"""Repositories: made, listed, changed, deleted with all that is in them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pydantic import JsonValue

from lisa.domain.audit import Deed, Outcome
from lisa.domain.conflicts import outdated, overtaken
from lisa.domain.errors import ConditionFailed, LisaError
from lisa.domain.identity import Principal
from lisa.domain.knowledge.cron import read_cron
from lisa.domain.knowledge.pipeline import Pipeline
from lisa.domain.knowledge.repository import (
    DEFAULT_COLLECTION,
    Collection,
    Repository,
    RepositoryStatus,
)
from lisa.domain.policy import Kind, Thing, Verb, decide, require
from lisa.ports.clock import Clock
from lisa.ports.ids import Ids
from lisa.ports.sources import Sources
from lisa.ports.table import Step
from lisa.ports.vectors import Stores
from lisa.stores.knowledge.collections import added
from lisa.stores.models import ModelStore
from lisa.usecases.audit import Audit
from lisa.usecases.knowledge.access import Access, refuse_unready
from lisa.usecases.knowledge.endings import Endings
from lisa.usecases.knowledge.rules import (
    collection_checked,
    refuse_bad_store,
    refuse_beyond_pipelines,
    refuse_pipelines_to_nowhere,
    refuse_unusable_embedder,
    refuse_unusable_id,
    repository_checked,
    repository_exists,
)
from lisa.usecases.knowledge.store_orders import Available, StoreOrders
from lisa.usecases.knowledge.store_trial import try_store

MOST_TRIES: Final = 20


@dataclass(frozen=True)
class Changes:
    """Values of fields; with a version, a change only of the thing as it is at that version."""

    fields: Mapping[str, object] = field(default_factory=dict)
    version: int | None = None


@dataclass(frozen=True)
class Repositories:
    """What a caller can do with repositories."""

    access: Access
    models: ModelStore
    stores: Stores
    sources: Sources | None  # None: any; whoever loads from them refuses
    endings: Endings
    clock: Clock
    ids: Ids
    audit: Audit
    making: StoreOrders

    async def create(
        self, caller: Principal, repository_id: str, fields: Mapping[str, object]
    ) -> Repository:
        """Make a repository, with a default collection where it names an embedding model.

        It is there when its store has answered; where that doesn't, nothing is left of it. One
        whose store is to be made is on its way.
        """
        require(caller, Verb.CREATE, Thing(Kind.REPOSITORY, repository_id))
        made = self._made(caller, {**fields, "id": repository_id})
        refuse_unusable_id(made.id)
        refuse_bad_store(made.store)
        made = made.model_copy(update={"store": self.making.accepted(made.store)})
        if made.embedding_model:
            await refuse_unusable_embedder(self.models, caller, made.embedding_model)
        into = frozenset({DEFAULT_COLLECTION} if made.embedding_model else ())
        refuse_pipelines_to_nowhere(made, into)
        self._refuse_unusable_pipelines(made.pipelines)
        if made.store.own:
            return await self._ordered(caller, made)
        await self._add(made)
        return await self._opened(caller, made)

    def store_kinds(self, caller: Principal) -> Sequence[Available]:
        """Return which stores a new repository can have."""
        require(caller, Verb.CREATE, Thing(Kind.REPOSITORY))
        return self.making.kinds()

    async def page(
        self, caller: Principal, *, limit: int, cursor: str
    ) -> tuple[list[Repository], str]:
        """List the repositories the caller may see, in order of their ids."""
        found: list[Repository] = []
        while True:
            page, cursor = await self.access.repositories.page(limit - len(found), cursor)
            found += [each for each in page if decide(caller, Verb.READ, each.thing()).allowed]
            if not cursor or len(found) == limit:
                return found, cursor

    async def get(self, caller: Principal, repository_id: str) -> Repository:
        """Return a repository; one that the caller may not see isn't there."""
        return await self.access.repository(caller, repository_id)

    async def update(self, caller: Principal, repository_id: str, changes: Changes) -> Repository:
        """Change a repository; where somebody else was faster, on top of theirs."""
        for _ in range(MOST_TRIES):
            old = await self.access.repository(caller, repository_id, Verb.CHANGE)
            refuse_unready(old)
            if changes.version not in {None, old.version}:
                raise outdated(f"the repository {old.id}", old.version)
            try:
                return await self._replace(caller, old, changes)
            except ConditionFailed:
                continue
        raise overtaken("the repository")

    async def remove(self, caller: Principal, repository_id: str) -> Repository:
        """Begin to delete a repository; its row goes when nothing is left in its store."""
        for _ in range(MOST_TRIES):
            old = await self.access.repository(caller, repository_id, Verb.DELETE)
            try:
                marked = await self._marked(caller, old)
            except ConditionFailed:
                continue
            await self.endings.go_on(repository_id)
            return marked
        raise overtaken("the repository")

    def _made(self, caller: Principal, fields: Mapping[str, object]) -> Repository:
        now = self.clock.now()
        about = {
            "uid": self.ids.new("r"),
            "status": RepositoryStatus.CREATING,
            "created": now,
            "created_by": caller.subject,
            "updated": now,
        }
        return repository_checked({**fields, **about})

    async def _add(self, made: Repository, *steps: Step) -> None:
        try:
            await self.access.repositories.add(made, *steps)
        except ConditionFailed as failure:
            raise repository_exists(made.id) from failure

    async def _ordered(self, caller: Principal, made: Repository) -> Repository:
        """Have its store made; the run is written before it is begun."""
        ordered = made.model_copy(update={"run": f"create-{made.uid}"})
        record = await self.audit.step(caller, _deed(Verb.CREATE, after=ordered))
        await self._add(ordered, record)
        await self.making.begin(ordered)
        return ordered

    async def _opened(self, caller: Principal, made: Repository) -> Repository:
        """Let it be used if its store works, else let it be gone."""
        try:
            await try_store(self.stores, made.id, self.ids.new("try"))
            ready = made.model_copy(
                update={"status": RepositoryStatus.READY, "updated": self.clock.now()}
            )
            record = await self.audit.step(caller, _deed(Verb.CREATE, after=ready))
            default = default_collection(ready, self.ids.new("c"))
            with_it = added(default) if ready.embedding_model else ()
            return await self.access.repositories.change(made, ready, record, *with_it)
        except LisaError as fault:
            failed = Deed(
                Verb.CREATE,
                Kind.REPOSITORY,
                made.id,
                outcome=Outcome.FAILED,
                reason=fault.message,
            )
            await self.access.repositories.remove(made, await self.audit.step(caller, failed))
            raise

    async def _replace(self, caller: Principal, old: Repository, changes: Changes) -> Repository:
        former = {name: getattr(old, name) for name in Repository.model_fields}
        new = repository_checked({**former, **changes.fields, "updated": self.clock.now()})
        refuse_beyond_pipelines(caller, old, new)
        if new.embedding_model not in {"", old.embedding_model}:
            await refuse_unusable_embedder(self.models, caller, new.embedding_model)
        targets = {each.collection_id or DEFAULT_COLLECTION for each in new.pipelines}
        found = [await self.access.collections.by_id(old.id, each) for each in targets]
        refuse_pipelines_to_nowhere(new, frozenset(each.id for each in found if each))
        self._refuse_unusable_pipelines(each for each in new.pipelines if each not in old.pipelines)
        record = await self.audit.step(caller, _deed(Verb.CHANGE, before=old, after=new))
        return await self.access.repositories.change(old, new, record)

    def _refuse_unusable_pipelines(self, pipelines: Iterable[Pipeline]) -> None:
        for each in pipelines:
            read_cron(each.cron)
            if self.sources:
                self.sources.check(each.source)

    async def _marked(self, caller: Principal, old: Repository) -> Repository:
        if old.status is RepositoryStatus.DELETING:
            return old
        about = {"status": RepositoryStatus.DELETING, "run": "", "reason": "", "next_step": ""}
        marked = old.model_copy(update={**about, "updated": self.clock.now()})
        record = await self.audit.step(caller, _deed(Verb.DELETE, before=old))
        marked = await self.access.repositories.change(old, marked, record)
        await self.making.give_up(old)
        return marked


def default_collection(repository: Repository, uid: str) -> Collection:
    """Return the collection that a repository begins with."""
    return collection_checked(
        {
            "id": DEFAULT_COLLECTION,
            "repository_id": repository.id,
            "uid": uid,
            "name": "Default",
            "embedding_model": repository.embedding_model,
            "chunking": repository.chunking,
            "allows_chunking_override": repository.allows_chunking_override,
            "is_default": True,
            "created": repository.created,
            "created_by": repository.created_by,
            "updated": repository.updated,
        }
    )


def _deed(verb: str, *, before: Repository | None = None, after: Repository | None = None) -> Deed:
    repository = after or before
    return Deed(
        verb,
        Kind.REPOSITORY,
        repository.id if repository else "",
        before=_told(before) if before else None,
        after=_told(after) if after else None,
    )


def _told(repository: Repository) -> dict[str, JsonValue]:
    """Tell of a repository for the audit, which would mask what is called `credentials`."""
    told = repository.model_dump(mode="json", exclude={"version", "updated"}, exclude_none=True)
    told["groups"] = sorted(repository.groups)
    told["store"]["reference"] = told["store"].pop("credentials")
    return told
