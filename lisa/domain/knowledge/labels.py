"""What is known of a passage as sortable words, so that every store compares it alike.

A label is `<type>:<field>:<value>`. A store needs nothing but equality and the order of characters
by their code points to answer any condition; a number never meets a string.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lisa.domain.knowledge.filters import OF_DOCUMENTS, Comparing, Comparison
from lisa.domain.knowledge.names import Fact
from lisa.domain.knowledge.passage import Passage

AFTER: Final = ";"  # the character after the colon: it ends what belongs to a field
_SIGN: Final = 1 << 63
_ALL: Final = (1 << 64) - 1


@dataclass(frozen=True)
class AnyOf:
    """Fits where one of the labels is there, or with `negated` none of them."""

    labels: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True)
class Between:
    """Fits where a label lies between these two."""

    low: str
    high: str
    with_low: bool = False
    with_high: bool = False


def labels_of(passage: Passage) -> list[str]:
    """Return all labels of a passage, each once, sorted."""
    return sorted({_label(key, value) for key, value in _known(passage)})


def condition_of(comparison: Comparison) -> AnyOf | Between:
    """Return the condition on a passage's labels."""
    how, key, value = comparison.how, comparison.key, comparison.values[0]
    label, first, last = _label(key, value), _start(key, value), _start(key, value, AFTER)
    match how:
        case Comparing.GT:
            return Between(label, last)
        case Comparing.GTE:
            return Between(label, last, with_low=True)
        case Comparing.LT:
            return Between(first, label, with_low=True)
        case Comparing.LTE:
            return Between(first, label, with_low=True, with_high=True)
    labels = tuple(_label(key, each) for each in comparison.values)
    return AnyOf(labels, negated=how in {Comparing.NE, Comparing.NIN})


def _known(passage: Passage) -> Iterator[tuple[str, Fact]]:
    yield "document_id", passage.document_id
    if passage.name:
        yield "name", passage.name
    yield from (("tags", tag) for tag in passage.tags)
    if passage.place.page is not None:
        yield "page", passage.place.page
    yield from ((key, fact) for key, fact in passage.facts.items() if key not in OF_DOCUMENTS)


def _label(key: str, value: Fact) -> str:
    return _start(key, value) + _sortable(value)


def _start(key: str, value: Fact, end: str = ":") -> str:
    kind = "b" if isinstance(value, bool) else "s" if isinstance(value, str) else "n"
    return f"{kind}:{key}{end}"


def _sortable(value: Fact) -> str:
    """Return text that sorts as the value does; a number as its 64 bits, negative ones turned."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(int(value))
    (bits,) = struct.unpack(">Q", struct.pack(">d", value or 0.0))
    return f"{bits ^ (_ALL if bits & _SIGN else _SIGN):016x}"
