"""The adapters a door has chosen, for whatever is put together of them."""

from dataclasses import dataclass, field

from lisa.adapters.memory.bell import SilentBell
from lisa.ports.bell import Bell
from lisa.ports.clock import Clock
from lisa.ports.ids import Ids
from lisa.ports.table import Tables


@dataclass(frozen=True)
class Ports:
    """Those of every door; one that orders work with documents where nobody looks has a bell."""

    tables: Tables
    clock: Clock
    ids: Ids
    bell: Bell = field(default_factory=SilentBell, kw_only=True)
