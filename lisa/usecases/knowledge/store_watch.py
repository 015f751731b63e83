"""Looking after repositories whose stores are being made or removed."""

import logging
from dataclasses import dataclass

from lisa.domain.errors import LisaError
from lisa.domain.knowledge.repository import Repository, RepositoryStatus
from lisa.ports.table import MAX_PAGE
from lisa.usecases.knowledge.endings import Endings
from lisa.usecases.knowledge.store_runs import WORKFLOWS, StoreRuns

log = logging.getLogger("lisa.stores")


@dataclass(frozen=True)
class StoreWatch:
    """Looks after repositories on their way; without runs none of their stores is made."""

    endings: Endings
    runs: StoreRuns | None

    async def look(self) -> None:
        """Look after all there are."""
        cursor, more = "", True
        while more:
            page, cursor = await self.endings.repositories.page(MAX_PAGE, cursor)
            for each in page:
                await self._look_after(each)
            more = bool(cursor)

    async def _look_after(self, repository: Repository) -> None:
        try:
            if repository.run and repository.status in WORKFLOWS and self.runs:
                await self.runs.look_after(repository)
            elif repository.status is RepositoryStatus.DELETING and not repository.run:
                await self.endings.go_on(repository.id)
        except LisaError as error:
            log.warning("%s can't be looked after now: %s", repository.id, error.message)
