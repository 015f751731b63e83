"""The life of models that we run, on the adapters a door has chosen."""

from collections.abc import Mapping
from dataclasses import dataclass

from lisa.bootstrap.ports import Ports
from lisa.declared.engines import refuse_unfit
from lisa.domain.hosting import HostKind
from lisa.domain.identity import Principal
from lisa.ports.hosts import Host
from lisa.ports.prober import Prober
from lisa.ports.weights import WeightsReader
from lisa.ports.workflows import Workflows
from lisa.stores.audit import AuditStore
from lisa.stores.model_events import ModelEvents
from lisa.stores.model_reports import ModelReports
from lisa.stores.models import ModelStore
from lisa.usecases.audit import Audit
from lisa.usecases.lifecycle.beginning import Beginning
from lisa.usecases.lifecycle.ground import Ground
from lisa.usecases.lifecycle.idling import Idling
from lisa.usecases.lifecycle.load import FollowingLoad
from lisa.usecases.lifecycle.orders import Lifecycle
from lisa.usecases.lifecycle.planned import PlannedActs
from lisa.usecases.lifecycle.recovery import Recovery
from lisa.usecases.lifecycle.replica_scaling import ReplicaScaling
from lisa.usecases.lifecycle.telling import Telling
from lisa.usecases.lifecycle.traffic import ReportedTraffic
from lisa.usecases.lifecycle.watching import Watching


@dataclass(frozen=True)
class LocalWaker:
    """Wakes models from the process that also begins their runs."""

    lifecycle: Lifecycle

    async def wake(self, caller: Principal, model_id: str) -> None:
        """Ask that the model is started."""
        await self.lifecycle.wake(caller, model_id)


def lifecycle_of(ports: Ports, hosts: Mapping[HostKind, Host], workflows: Workflows) -> Lifecycle:
    """Return what a caller can do with models that we run."""
    beginning = Beginning(
        ModelStore(ports.tables),
        ModelEvents(ports.tables),
        workflows,
        ports.clock,
        Audit(AuditStore(ports.tables), ports.clock, ports.ids),
    )
    return Lifecycle(beginning, hosts, refuse_unfit)


def ground_of(
    ports: Ports,
    hosts: Mapping[HostKind, Host],
    prober: Prober,
    weights: WeightsReader | None = None,
) -> Ground:
    """Return what the steps of models' runs stand on."""
    reports = ModelReports(ports.tables)
    traffic = ReportedTraffic(reports, ports.clock)
    return Ground(_telling(ports), hosts, prober, ports.clock, traffic, reports, weights)


def watching_of(ports: Ports, hosts: Mapping[HostKind, Host], workflows: Workflows) -> Watching:
    """Return what looks after models that we run, every few seconds."""
    lifecycle, reports = lifecycle_of(ports, hosts, workflows), ModelReports(ports.tables)
    return Watching(
        lifecycle,
        Recovery(_telling(ports), workflows),
        reports,
        PlannedActs(lifecycle),
        Idling(lifecycle, reports),
        ReplicaScaling(lifecycle, FollowingLoad(reports, ports.clock)),
    )


def _telling(ports: Ports) -> Telling:
    return Telling(ModelStore(ports.tables), ModelEvents(ports.tables), ports.clock)
