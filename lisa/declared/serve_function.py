"""The gateway as a function: what the service declares, called through the control API."""

from dataclasses import fields
from typing import Any, Final

from lisa.declared.entry_points import Door, Touching
from lisa.declared.services import SERVE

LONGEST_SECONDS: Final = 900  # Lambda's most, and what API Gateway streams at most
_touched: Final[dict[str, Any]] = {
    each.name: getattr(SERVE, each.name) for each in fields(Touching)
}

SERVE_FUNCTION: Final = Door(
    SERVE.name,
    SERVE.settings,
    prefixes=("anthropic", "v1", "v2"),
    memory_mb=1024,
    timeout_seconds=LONGEST_SECONDS,
    **{**_touched, "asks_stores": False, "of": None},  # stores are in a network, which it isn't
)
