"""What keeps and ends sessions and turns, for doors that serve them and for those that tidy up."""

from lisa.bootstrap.content_ports import ContentPorts
from lisa.stores.sessions.appends import Appends
from lisa.stores.sessions.contents import Contents
from lisa.stores.sessions.heads import Heads
from lisa.stores.sessions.items import Items
from lisa.stores.turns.heads import TurnHeads
from lisa.stores.turns.log import TurnLog
from lisa.usecases.sweep import Sweep
from lisa.usecases.turns.closing import Closing


def sweeper(ports: ContentPorts) -> Sweep:
    """Return what finishes what was left unfinished."""
    return Sweep(Heads(ports.tables), items_of(ports), closing(ports), ports.clock)


def closing(ports: ContentPorts) -> Closing:
    """Return what ends turns, also those of processes that are gone."""
    heads, items, contents = Heads(ports.tables), items_of(ports), contents_of(ports)
    return Closing(
        heads=TurnHeads(ports.tables),
        log=TurnLog(ports.tables),
        sessions=heads,
        items=items,
        appends=Appends(ports.tables, heads, items, contents, ports.clock, ports.ids),
        clock=ports.clock,
        ids=ports.ids,
    )


def items_of(ports: ContentPorts) -> Items:
    """Return where the items of sessions lie."""
    return Items(ports.tables, contents_of(ports))


def contents_of(ports: ContentPorts) -> Contents:
    """Return where content lies that is too large for rows."""
    return Contents(ports.blobs, ports.ids)
