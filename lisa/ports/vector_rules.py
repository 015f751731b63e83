"""What every store of passages refuses, and the vectors that it gets to see."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lisa.domain.errors import Invalid
from lisa.domain.knowledge.passage import Embedded, Passage

SPACE_NAME: Final = re.compile(r"[a-z0-9_]{1,40}")
MARK: Final = "\ufffd"
_NOT_STORABLE: Final = re.compile("[\x00\ud800-\udfff]")


def accepted_uid(uid: str) -> str:
    """Return the name of a space if it is one: it becomes part of other names."""
    if not SPACE_NAME.fullmatch(uid):
        raise Invalid("the name of a space has 1 to 40 of a-z, 0-9 and _")
    return uid


def accepted_vector(vector: Sequence[float], dimension: int) -> list[float]:
    """Return a vector in its direction, of length 1; only so are all compared alike."""
    if len(vector) != dimension:
        raise Invalid(
            f"a vector has {len(vector)} numbers where this collection's have {dimension}",
            code="wrong_dimension",
            next_step="ask with the embedding model that the collection was filled with",
        )
    length = math.hypot(*vector)
    if not 0 < length < math.inf:
        raise Invalid("a vector has no direction: it is zero, or not of numbers")
    return [number / length for number in vector]


def accepted_passages(passages: Sequence[Embedded], dimension: int) -> list[Embedded]:
    """Return the passages in order of their ids, the last one of each, as stores can keep them."""
    last = {each.passage.id: each for each in passages}
    return [
        Embedded(_storable(each.passage), accepted_vector(each.vector, dimension))
        for _, each in sorted(last.items())
    ]


def _storable(passage: Passage) -> Passage:
    """Put a mark in the place of each character that some store can't keep."""
    headings = tuple(_NOT_STORABLE.sub(MARK, heading) for heading in passage.place.headings)
    place = replace(passage.place, headings=headings)
    return replace(passage, text=_NOT_STORABLE.sub(MARK, passage.text), place=place)
