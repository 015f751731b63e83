"""The functions that the workflows of stores name."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeAlias

from lisa.domain.errors import (
    ConditionFailed,
    Conflict,
    LimitReached,
    LisaError,
    NotFound,
    Unavailable,
)
from lisa.domain.knowledge.repository import RepositoryStatus
from lisa.ports.hosts import HostState
from lisa.ports.ids import Ids
from lisa.ports.store_hosts import Made, StoreHost
from lisa.ports.table import Step
from lisa.ports.vectors import Stores
from lisa.stores.knowledge.collections import added
from lisa.stores.knowledge.jobs import JobStore
from lisa.stores.knowledge.pipelines import PipelineStore
from lisa.usecases.knowledge.repositories import default_collection
from lisa.usecases.knowledge.store_telling import State, StoreTelling
from lisa.usecases.knowledge.store_trial import try_store

Function: TypeAlias = Callable[[State], Awaitable[State]]

DELETE_AGAIN: Final = "delete the repository: that removes what may still be there"


@dataclass(frozen=True)
class StoreSteps:
    """The steps, by their names."""

    telling: StoreTelling
    host: StoreHost
    stores: Stores
    pipelines: PipelineStore
    jobs: JobStore
    ids: Ids

    async def ensure_store(self, state: State) -> State:
        """Ask the host for the store; where that came too late, take it back."""
        repository = await self.telling.mine(state)
        await self.host.ensure(repository)
        try:
            await self.telling.tell(state, "its store is asked for")
        except (Conflict, NotFound):  # only deleting takes a repository over
            await self.host.remove(repository.uid)
            raise
        return {}

    async def wait_until_it_stands(self, state: State) -> State:
        """See whether the store is there, and take down where it answers."""
        repository = await self.telling.mine(state)
        made = await self.host.observe(repository.uid)
        if made.state is not HostState.READY:
            raise _not_yet(made)
        where = {"address": made.address, "credentials": made.credentials}
        store = repository.store.model_copy(update=where)
        await self.telling.tell(state, "its store stands and is being tried", store=store)
        return {}

    async def try_it(self, state: State) -> State:
        """Keep something in it, and take that away again."""
        repository = await self.telling.mine(state)
        await try_store(self.stores, repository.id, self.ids.new("try"))
        return {}

    async def protect_it(self, state: State) -> State:
        """Let nobody but us remove it."""
        repository = await self.telling.mine(state)
        await self.host.keep(repository.uid)
        return {}

    async def open_it(self, state: State) -> State:
        """Let it be used, with a default collection where an embedding model is named."""
        repository = await self.telling.mine(state)
        if repository.status is not RepositoryStatus.CREATING:
            return {}
        ready = {"status": RepositoryStatus.READY, "next_step": ""}
        first: Sequence[Step] = ()
        if repository.embedding_model:
            first = added(default_collection(repository, self.ids.new("c")))
        await self.telling.tell(state, "", *first, **ready)
        return {}

    async def remove_what_was_made(self, state: State) -> State:
        """Undo a creation."""
        repository = await self.telling.unfinished(state)
        if repository:
            await self._removed(repository.uid)
            gone = repository.store.model_copy(update={"address": "", "credentials": ""})
            await self.telling.tell(state, "nothing is left of its store", store=gone)
        return {}

    async def remove_store(self, state: State) -> State:
        """Ask the host to remove everything."""
        repository = await self.telling.mine(state)
        await self.host.remove(repository.uid)
        await self.telling.tell(state, "its store is being removed")
        return {}

    async def wait_until_it_is_gone(self, state: State) -> State:
        """See whether the host finds nothing of it."""
        repository = await self.telling.mine(state)
        await self._removed(repository.uid)
        return {}

    async def forget_the_repository(self, state: State) -> State:
        """Remove the last of it: what its pipelines and jobs did, and its row."""
        await self.pipelines.forget(state["uid"])
        try:
            repository = await self.telling.mine(state)
            await self.jobs.forget(repository.id)
            await self.telling.repositories.remove(repository)
        except NotFound:
            return {}
        except ConditionFailed as failure:
            raise Unavailable("somebody else changes the repository") from failure
        return {}

    async def tell_why(self, state: State) -> State:
        """Say what failed, and what helps."""
        failure = state["failure"]
        cause = f"{failure['step']}: {failure['cause']}"
        helps = failure["next_step"] or DELETE_AGAIN
        if failure["also_failed"]:
            cause += f" (and then failed: {', '.join(failure['also_failed'])})"
            helps = f"{helps}; {DELETE_AGAIN}"
        await self.telling.failed(state, cause, helps)
        return {}

    async def _removed(self, uid: str) -> None:
        await self.host.remove(uid)  # what could not go before may go now
        left = await self.host.leftovers(uid)
        if left:
            raise Unavailable(
                f"still there: {', '.join(left)}", next_step="look at its host for what holds it"
            )


def store_steps(steps: StoreSteps) -> Mapping[str, Function]:
    """Return each function under its name."""
    functions: tuple[Function, ...] = (
        steps.ensure_store,
        steps.wait_until_it_stands,
        steps.try_it,
        steps.protect_it,
        steps.open_it,
        steps.remove_what_was_made,
        steps.remove_store,
        steps.wait_until_it_is_gone,
        steps.forget_the_repository,
        steps.tell_why,
    )
    named = {getattr(each, "__name__", ""): each for each in functions}
    return {name: _told(steps.telling, each) for name, each in named.items()}


def _told(telling: StoreTelling, function: Function) -> Function:
    """Let a step tell what keeps it from being done now: it is tried again."""

    async def told(state: State) -> State:
        try:
            return await function(state)
        except (LimitReached, Unavailable) as error:
            with suppress(LisaError):  # the table may be what can't be used
                if await telling.unfinished(state):
                    await telling.tell(state, error.message, next_step=error.next_step)
            raise

    return told


def _not_yet(made: Made) -> LisaError:
    if made.state is HostState.FAILED:
        cause = made.cause or made.words or "it could not be made"
        return Conflict(cause, next_step=made.next_step, code="store_failed")
    return Unavailable(made.words or "it hasn't been begun yet", next_step=made.next_step)
