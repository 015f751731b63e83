"""Puts together what the routes of models call."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lisa.bootstrap.every_door import audit
from lisa.bootstrap.hosting import lifecycle_of
from lisa.bootstrap.ports import Ports
from lisa.domain.hosting import HostKind
from lisa.http.services import ModelServices
from lisa.ports.hosts import Host
from lisa.ports.instance_types import InstanceTypes
from lisa.ports.prober import Prober
from lisa.ports.secrets import SecretStore
from lisa.ports.workflows import Workflows
from lisa.stores.model_reports import ModelReports
from lisa.stores.models import ModelStore
from lisa.usecases.lifecycle.all_models import AllModels
from lisa.usecases.lifecycle.looking import Looking
from lisa.usecases.lifecycle.timetable import Timetable
from lisa.usecases.models import Models


@dataclass(frozen=True)
class ModelPorts:
    """What a door that looks after models needs beside its tables."""

    vault: SecretStore
    prober: Prober
    instance_types: InstanceTypes
    hosts: Mapping[HostKind, Host] = field(default_factory=dict)
    workflows: Workflows | None = None
    has_litellm: bool = True


def model_services(ports: Ports, own: ModelPorts) -> ModelServices:
    """Return what the routes of models call."""
    store = ModelStore(ports.tables)
    models = Models(
        store,
        own.vault,
        own.prober,
        ports.clock,
        ports.ids,
        audit(ports),
        own.has_litellm,
    )
    lifecycle = lifecycle_of(ports, own.hosts, own.workflows) if own.workflows else None
    looking = Looking(models, ModelReports(ports.tables), own.hosts, ports.clock)
    return ModelServices(
        models,
        own.instance_types,
        AllModels(models, lifecycle),
        looking,
        Timetable(models, ports.clock),
    )
