"""Puts together the door that does the steps of stores' workflows."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeAlias

from lisa.adapters.stepfunctions.tasks import Tasks
from lisa.adapters.system.clock import SystemClock
from lisa.adapters.system.ids import RandomIds
from lisa.bootstrap.dynamodb import tables_of
from lisa.bootstrap.environment import read
from lisa.bootstrap.logs import show_logs
from lisa.bootstrap.ports import Ports
from lisa.bootstrap.secrets import secrets_of
from lisa.bootstrap.store_making import store_steps_of
from lisa.bootstrap.stores_on_aws import store_host_on_aws
from lisa.bootstrap.vector_stores import VectorStores
from lisa.declared.knowledge_settings import StoresSettings
from lisa.stores.knowledge.repositories import RepositoryStore
from lisa.workflows.definition import State
from lisa.workflows.running import Attempts

Do: TypeAlias = Callable[[Mapping[str, Any]], Coroutine[Any, Any, State]]


def build(environ: Mapping[str, str]) -> Do:
    """Return what does a step when a state machine asks for it."""
    settings = read(StoresSettings, environ)
    show_logs(settings.log_level)
    ports = Ports(tables_of(settings), SystemClock(), RandomIds())
    # None of its own: it tries only what it made.
    stores = VectorStores(RepositoryStore(ports.tables), secrets_of(environ), ports.clock, {})
    return Tasks(Attempts(store_steps_of(ports, store_host_on_aws(settings), stores))).do
