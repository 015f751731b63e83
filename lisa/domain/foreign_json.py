"""JSON that others wrote: what is torn, too deep or no object is refused by the file's name."""

import json
from collections.abc import Mapping
from typing import Any, Final

from lisa.domain.errors import Invalid

Json = Mapping[str, Any]
MOST_BYTES: Final = 100_000_000


def object_in(raw: bytes, name: str) -> Json:
    """Return the object that is the whole of a file; a key that stands twice is refused."""
    if len(raw) > MOST_BYTES:
        raise torn(name, f"it is longer than {MOST_BYTES} bytes")
    try:
        found = json.loads(raw, object_pairs_hook=_without_twins, parse_constant=_refuse)
    except (ValueError, RecursionError) as fault:
        raise torn(name, "it isn't the JSON it should be") from fault
    if not isinstance(found, dict):
        raise torn(name, "it isn't a JSON object")
    return found


def torn(name: str, why: str) -> Invalid:
    """Say which file of the weights can't be right, and why."""
    return Invalid(
        f"{name}: {why}",
        next_step="fetch the file again from where the model comes from",
        code="weights_torn",
    )


def whole(value: object, most: int) -> int | None:
    """Return a number that counts something, and nothing where it isn't one."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most:
        return value
    return None


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} isn't JSON")
