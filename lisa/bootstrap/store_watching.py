"""Puts together what looks after repositories whose stores are being made or removed."""

from lisa.bootstrap.knowledge import endings_of
from lisa.bootstrap.ports import Ports
from lisa.bootstrap.store_making import StoreMaking, store_runs_of
from lisa.usecases.knowledge.store_watch import StoreWatch


def store_watch_of(ports: Ports, making: StoreMaking | None) -> StoreWatch:
    """Return it; its `look` is to be called again and again."""
    return StoreWatch(endings_of(ports, making), store_runs_of(ports, making))
