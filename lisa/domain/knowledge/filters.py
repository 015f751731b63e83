"""Conditions on what is known of documents: a tree of typed values, never text that is run.

The form is that of OpenAI's vector stores: `{"type": "eq", "key": "year", "value": 2024}` and
`{"type": "and", "filters": [...]}`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from lisa.domain.errors import Invalid
from lisa.domain.knowledge.names import FACT_NAME, LONGEST_FACT, Fact

MOST_CONDITIONS: Final = 64
DEEPEST: Final = 5
MOST_VALUES: Final = 100
MOST: Final = 2**53  # what every store compares exactly
OF_DOCUMENTS: Final = frozenset({"document_id", "name", "tags", "page"})  # known of every passage


class Comparing(StrEnum):
    """How a field is compared; a document without the field fits only `ne` and `nin`."""

    EQ = "eq"
    NE = "ne"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    IN = "in"
    NIN = "nin"


class Joining(StrEnum):
    """How conditions are joined."""

    AND = "and"
    OR = "or"


@dataclass(frozen=True)
class Comparison:
    """One condition; `values` has one, or for `in` and `nin` several."""

    how: Comparing
    key: str
    values: tuple[Fact, ...]


@dataclass(frozen=True)
class Joined:
    """Several conditions."""

    how: Joining
    filters: "tuple[Filter, ...]"


Filter: TypeAlias = Comparison | Joined


def read_filter(given: object) -> Filter:
    """Read a condition as it comes over the wire; raises `Invalid`, naming the place."""
    left = [MOST_CONDITIONS]
    return _read(given, "filters", DEEPEST, left)


def _read(given: object, place: str, depth: int, left: list[int]) -> Filter:
    left[0] -= 1
    if depth == 0 or left[0] < 0:
        raise _wrong(place, f"at most {MOST_CONDITIONS} conditions, {DEEPEST} deep")
    if not isinstance(given, Mapping):
        raise _wrong(place, "should be an object")
    how = str(given.get("type"))
    if how in {*Joining}:
        return _joined(given, Joining(how), place, depth, left)
    if how in {*Comparing}:
        return _comparison(given, Comparing(how), place)
    raise _wrong(f"{place}.type", f"should be one of {', '.join([*Comparing, *Joining])}")


def _joined(
    given: Mapping[object, object], how: Joining, place: str, depth: int, left: list[int]
) -> Joined:
    filters = given.get("filters")
    if not isinstance(filters, list) or not filters:
        raise _wrong(f"{place}.filters", "should be a list of at least one condition")
    parts = (
        _read(each, f"{place}.filters.{number}", depth - 1, left)
        for number, each in enumerate(filters)
    )
    return Joined(how, tuple(parts))


def _comparison(given: Mapping[object, object], how: Comparing, place: str) -> Comparison:
    key, value = given.get("key"), given.get("value")
    if not isinstance(key, str) or not FACT_NAME.fullmatch(key):
        raise _wrong(f"{place}.key", "should be a field's name")
    several = how in {Comparing.IN, Comparing.NIN}
    if several and (not isinstance(value, list) or not 0 < len(value) <= MOST_VALUES):
        raise _wrong(f"{place}.value", f"should be a list of 1 to {MOST_VALUES} values")
    values = value if several and isinstance(value, list) else [value]
    return Comparison(how, key, tuple(_fact(each, f"{place}.value") for each in values))


def _fact(value: object, place: str) -> Fact:
    if isinstance(value, str) and len(value) <= LONGEST_FACT and _is_storable(value):
        return value
    if isinstance(value, bool | int | float) and abs(value) < MOST:
        return value
    raise _wrong(place, f"should be a number, a truth value or at most {LONGEST_FACT} characters")


def _is_storable(text: str) -> bool:
    """Tell whether it is text to every store: without zeros and halves of characters."""
    return not any(character == "\x00" or "\ud800" <= character <= "\udfff" for character in text)


def _wrong(place: str, why: str) -> Invalid:
    return Invalid(f"{place}: {why}", code="invalid_filter")
