"""Looking at models that we run: their replicas, what these say, and what deleting would remove."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lisa.domain.hosting import Hosting, HostKind
from lisa.domain.identity import Principal
from lisa.domain.model import Model
from lisa.domain.policy import Kind, Thing, Verb, require
from lisa.ports.clock import Clock
from lisa.ports.hosts import Host, LogPage
from lisa.stores.model_reports import HostReport, ModelReports
from lisa.usecases.lifecycle.ground import host_among, hosting_of
from lisa.usecases.models import Models
from lisa.usecases.planned_scaling import hosting_now


@dataclass(frozen=True)
class Running:
    """What there is of a model, and its hosting with the bounds that are in force.

    Without a report, nobody has looked yet.
    """

    hosting: Hosting
    report: HostReport | None
    last_used: datetime | None
    under_way: int


@dataclass(frozen=True)
class Looking:
    """What administrators can see of models that we run."""

    models: Models
    reports: ModelReports
    hosts: Mapping[HostKind, Host]
    clock: Clock

    async def replicas(self, caller: Principal, model_id: str) -> Running:
        """Return what was reported of a model last."""
        hosting = hosting_of(await self._seen_by(caller, model_id))
        return Running(
            hosting_now(hosting, self.clock.now()),
            await self.reports.host(model_id),
            await self.reports.last_used(model_id),
            await self.reports.under_way(model_id, self.clock.now()),
        )

    async def logs(
        self,
        caller: Principal,
        model_id: str,
        replica: str,
        *,
        limit: int,
        cursor: str,
        backward: bool = False,
    ) -> LogPage:
        """Return lines of a replica's log."""
        hosting = hosting_of(await self._seen_by(caller, model_id))
        host = host_among(self.hosts, hosting)
        return await host.logs(model_id, replica, limit, cursor, backward=backward)

    async def removal(self, caller: Principal, model_id: str) -> Sequence[str]:
        """Name what deleting a model would remove at its host."""
        hosting = hosting_of(await self._seen_by(caller, model_id))
        return await host_among(self.hosts, hosting).leftovers(model_id)

    async def _seen_by(self, caller: Principal, model_id: str) -> Model:
        require(caller, Verb.LIST_ALL, Thing(Kind.MODEL, model_id))
        return await self.models.existing(model_id)
