"""What a run writes of the repository whose store it makes or removes."""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from lisa.domain.errors import ConditionFailed, Conflict, NotFound, Unavailable
from lisa.domain.knowledge.repository import Repository, RepositoryStatus
from lisa.ports.clock import Clock
from lisa.ports.table import Step
from lisa.stores.knowledge.repositories import RepositoryStore

State: TypeAlias = dict[str, Any]  # of a run: a JSON object

MOST_TRIES: Final = 20
LONGEST: Final = 1000
ON_ITS_WAY: Final = frozenset({RepositoryStatus.CREATING, RepositoryStatus.DELETING})
FAILED: Final = {
    RepositoryStatus.CREATING: RepositoryStatus.CREATE_FAILED,
    RepositoryStatus.DELETING: RepositoryStatus.DELETE_FAILED,
}


def state_of(repository: Repository) -> State:
    """Return what a run begins with."""
    return {"repository": repository.id, "uid": repository.uid}


@dataclass(frozen=True)
class StoreTelling:
    """Reads and writes the repository of a run, as long as no other run has taken it over."""

    repositories: RepositoryStore
    clock: Clock

    async def mine(self, state: State) -> Repository:
        """Return the run's repository."""
        found = await self.repositories.by_id(state["repository"])
        if found is None:
            raise NotFound(
                f"the repository {state['repository']} is gone", code="repository_not_found"
            )
        if found.run != state["run"]:
            raise Conflict(
                f"something else is being done with the repository {found.id} by now",
                next_step="look at its status",
                code="run_overtaken",
            )
        return found

    async def unfinished(self, state: State) -> Repository | None:
        """Return the run's repository if it is still on its way; what has arrived stays there."""
        found = await self.repositories.by_id(state["repository"])
        mine = found is not None and found.run == state["run"] and found.status in ON_ITS_WAY
        return found if mine else None

    async def tell(self, state: State, words: str, *steps: Step, **changes: object) -> None:
        """Write what happened and what changes by it, with these steps; once is enough."""
        told = {"reason": words[:LONGEST], **changes}
        for _ in range(MOST_TRIES):
            old = await self.mine(state)
            if not steps and all(getattr(old, name) == value for name, value in told.items()):
                return
            new = old.model_copy(update={**told, "updated": self.clock.now()})
            try:
                await self.repositories.change(old, new, *steps)
            except ConditionFailed:
                continue
            return
        raise Unavailable("the repository changes too fast")

    async def failed(self, state: State, cause: str, next_step: str) -> None:
        """Say why a run failed, if its repository is still on its way."""
        found = await self.unfinished(state)
        if found is None:
            return
        status, helps = FAILED[found.status], next_step[:LONGEST]
        await self.tell(state, cause, status=status, next_step=helps)
