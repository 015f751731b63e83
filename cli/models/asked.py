"""What a command says of hosting, read as the API wants it; whatever can't be read is named."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from lisa.domain.errors import Invalid

SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
LENGTH: Final = re.compile(r"([0-9]{1,7})([smhd])")
NEVER: Final = "never"
HERE: Final = (".", "~")
# What a value of JSON is called in a schema; a boolean is no number there.
KINDS: Final[Mapping[type, frozenset[str]]] = {
    bool: frozenset({"boolean"}),
    int: frozenset({"integer", "number"}),
    float: frozenset({"number"}),
    list: frozenset({"array"}),
    dict: frozenset({"object"}),
}


def pairs_in(given: Sequence[str] | None, option: str) -> dict[str, str]:
    """Read options of the form NAME=VALUE; a name given twice counts as it was given last."""
    read = {}
    for each in given or ():
        name, equals, value = each.partition("=")
        if not name or not equals:
            raise Invalid(
                f"{option} {each} has no value", next_step=f"write {option} NAME=VALUE", code="pair"
            )
        read[name] = value
    return read


def typed(texts: Mapping[str, str], schema: Mapping[str, Any]) -> dict[str, object]:
    """Give values the types that an engine's schema says; names it hasn't stay texts."""
    known = schema.get("properties", {})
    return {name: _typed(text, known.get(name, {})) for name, text in texts.items()}


def kinds_of(schema: Mapping[str, Any]) -> list[str]:
    """Return what a value may be by its schema, in its words; `null` is not told."""
    told = [each.get("type", "string") for each in schema.get("anyOf", [schema])]
    return [each for each in told if each != "null"]


def seconds_in(text: str) -> int | None:
    """Read a length of time like 30m; `never` is none."""
    if text == NEVER:
        return None
    found = LENGTH.fullmatch(text)
    if not found:
        raise Invalid(
            f"{text!r} is no length of time",
            next_step="give a number and one of s, m, h, d, like 30m; or `never`",
            code="length",
        )
    return int(found[1]) * SECONDS[found[2]]


def source_in(text: str) -> str:
    """Return where weights lie; a folder that is told from here gets its whole path."""
    return str(Path(text).expanduser().resolve()) if text.startswith(HERE) else text.rstrip("/")


def replicas(
    minimum: int | None, maximum: int | None, desired: int | None, now: Mapping[str, Any]
) -> dict[str, Any]:
    """Return how many replicas there may be; what wasn't given stays, or gives way."""
    least, most = minimum, maximum
    if least is None:
        least = min(each for each in (now["minimum"], desired, maximum) if each is not None)
    if most is None:
        most = max(each for each in (now["maximum"], desired, least) if each is not None)
    wanted = desired if desired is not None else min(max(now["desired"], least), most)
    return {**now, "minimum": least, "maximum": most, "desired": wanted}


def _typed(text: str, schema: Mapping[str, Any]) -> object:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value if KINDS.get(type(value), frozenset()) & {*kinds_of(schema)} else text
