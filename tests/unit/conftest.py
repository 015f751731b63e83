"""The product over memory: real stores and use cases, adapters that live in this process."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from lisa.adapters.memory.blobs import MemoryBlobs
from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.system.ids import RandomIds
from lisa.domain.identity import Principal
from lisa.ports.table import Tables
from lisa.stores.sessions.appends import Appends
from lisa.stores.sessions.contents import Contents
from lisa.stores.sessions.heads import Heads
from lisa.stores.sessions.items import Items
from lisa.stores.turns.heads import TurnHeads
from lisa.stores.turns.log import TurnLog
from lisa.usecases.history import History
from lisa.usecases.sessions import Sessions
from lisa.usecases.sweep import Sweep
from lisa.usecases.turns.closing import Closing

ALICE = Principal(subject="alice")
BOB = Principal(subject="bob")


@dataclass
class House:
    """The use cases of sessions and what they stand on."""

    index_lag: int = 0
    clock: ManualClock = field(default_factory=ManualClock)
    blobs: MemoryBlobs = field(default_factory=MemoryBlobs)
    ids: RandomIds = field(default_factory=RandomIds)

    def __post_init__(self) -> None:
        self.tables = MemoryTables(self.clock, self.index_lag)
        self.heads = Heads(self.tables)
        self.items = Items(self.tables, Contents(self.blobs, self.ids))
        self.sessions = self.sessions_over(self.tables)
        self.history = History(self.sessions)
        self.closing = Closing(
            heads=TurnHeads(self.tables),
            log=TurnLog(self.tables),
            sessions=self.heads,
            items=self.items,
            appends=self.sessions.appends,
            clock=self.clock,
            ids=self.ids,
        )
        self.sweep = Sweep(self.heads, self.items, self.closing, self.clock)

    def sessions_over(self, tables: Tables) -> Sessions:
        """Return the use cases over these tables, which may watch or delay what they are asked."""
        heads, contents = Heads(tables), Contents(self.blobs, self.ids)
        items = Items(tables, contents)
        appends = Appends(tables, heads, items, contents, self.clock, self.ids)
        return Sessions(heads, items, appends, self.clock, self.ids)


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def lagging_house() -> Callable[[int], House]:
    return lambda writes: House(index_lag=writes)
