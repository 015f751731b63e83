"""Beginning the runs that make and remove stores; none of them is lost."""

import logging
from dataclasses import dataclass
from typing import Final

from lisa.domain.errors import LisaError, NotFound, Unavailable
from lisa.domain.knowledge.repository import Repository, RepositoryStatus
from lisa.ports.workflows import RunStatus, Workflows
from lisa.usecases.knowledge.store_telling import StoreTelling, state_of

WORKFLOWS: Final = {
    RepositoryStatus.CREATING: "create_store",
    RepositoryStatus.DELETING: "delete_store",
}
log = logging.getLogger("lisa.stores")


@dataclass(frozen=True)
class StoreRuns:
    """Begins the run that a repository names, which is written first; a second begin is none."""

    workflows: Workflows
    telling: StoreTelling

    async def begin(self, repository: Repository) -> None:
        """Begin its run; where that can't be done now, `look_after` does it."""
        try:
            await self._start(repository)
        except Unavailable as error:
            log.warning("the run %s could not be begun yet: %s", repository.run, error)

    async def give_up(self, former: Repository) -> None:
        """Let the run end that was under way; its steps refuse to do anything more anyway."""
        if not former.run or former.status not in WORKFLOWS:
            return
        try:
            await self.workflows.stop(WORKFLOWS[former.status], former.run)
        except LisaError as error:
            log.warning("the run %s could not be stopped: %s", former.run, error)

    async def look_after(self, repository: Repository) -> None:
        """Begin a run that was lost; tell of one that ended without a word."""
        workflow = WORKFLOWS[repository.status]
        try:
            run = await self.workflows.state(workflow, repository.run)
        except NotFound:
            await self._start(repository)
            return
        if run.status is not RunStatus.RUNNING:
            cause = run.cause or f"its run is {run.status} and did not say why"
            helps = run.next_step or "delete the repository: that removes what may still be there"
            state = {**state_of(repository), "run": repository.run}
            await self.telling.failed(state, cause, helps)

    async def _start(self, repository: Repository) -> None:
        workflow = WORKFLOWS[repository.status]
        await self.workflows.start(workflow, repository.run, state_of(repository))
