"""Under which names the roles are published that ask stores."""

from lisa.declared.doors import DOORS, STORES
from lisa.declared.entry_points import Door, Service
from lisa.declared.services import SERVICES


def caller_name(entry: Door | Service) -> str:
    """Return where an entry point's role is published."""
    kind = "door" if isinstance(entry, Door) else "service"
    return f"caller/{kind}-{entry.name}"


def callers_elsewhere() -> list[Door | Service]:
    """Return all that ask stores, but the door that makes them."""
    return [each for each in (*DOORS, *SERVICES) if each.asks_stores and each is not STORES]
