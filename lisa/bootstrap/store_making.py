"""What makes stores of repositories, on the adapters a door has chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lisa.bootstrap.ports import Ports
from lisa.domain.knowledge.repository import StoreKind
from lisa.domain.knowledge.store_offer import Offer
from lisa.ports.store_hosts import StoreHost
from lisa.ports.vectors import Stores
from lisa.ports.workflows import Workflows
from lisa.stores.knowledge.jobs import JobStore
from lisa.stores.knowledge.pipelines import PipelineStore
from lisa.stores.knowledge.repositories import RepositoryStore
from lisa.usecases.knowledge.store_orders import StoreOrders
from lisa.usecases.knowledge.store_runs import StoreRuns
from lisa.usecases.knowledge.store_steps import Function, StoreSteps, store_steps
from lisa.usecases.knowledge.store_telling import StoreTelling


@dataclass(frozen=True)
class StoreMaking:
    """Which stores can be made, and what carries out the runs that make them.

    Of the kinds in `there` the deployment has one of its own.
    """

    workflows: Workflows
    offers: Sequence[Offer]
    there: frozenset[StoreKind] = frozenset()


def store_orders_of(ports: Ports, making: StoreMaking | None) -> StoreOrders:
    """Return what has stores made."""
    if making is None:
        return StoreOrders()
    return StoreOrders(making.offers, making.there, store_runs_of(ports, making))


def store_runs_of(ports: Ports, making: StoreMaking | None) -> StoreRuns | None:
    """Return what begins runs."""
    return StoreRuns(making.workflows, _telling(ports)) if making else None


def store_steps_of(ports: Ports, host: StoreHost, stores: Stores) -> Mapping[str, Function]:
    """Return what runs do."""
    tables = ports.tables
    steps = StoreSteps(
        _telling(ports), host, stores, PipelineStore(tables), JobStore(tables), ports.ids
    )
    return store_steps(steps)


def _telling(ports: Ports) -> StoreTelling:
    return StoreTelling(RepositoryStore(ports.tables), ports.clock)
