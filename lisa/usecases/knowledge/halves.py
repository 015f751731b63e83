"""Embedding what is longer than its model takes: in halves, of which the mean direction counts.

How much a model takes only its own tokenizer knows, and writing without spaces has several times
the tokens of English.
"""

import math
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeAlias

from lisa.domain.errors import Invalid

Ask: TypeAlias = Callable[[str], Awaitable[Sequence[float]]]

MOST_CUTS: Final = 6  # one within the other
SHORTEST: Final = 32  # characters; what is refused at that length is refused for another reason


async def in_halves(ask: Ask, text: str, cuts: int = MOST_CUTS) -> Sequence[float]:
    """Return the vector of one text; raises what asking raises."""
    try:
        return await ask(text)
    except Invalid:
        if not cuts or len(text) < SHORTEST:
            raise
    first, second = _halves(text)
    one = await in_halves(ask, first, cuts - 1)
    return _between(one, await in_halves(ask, second, cuts - 1))


def _halves(text: str) -> tuple[str, str]:
    """Cut at the space before the middle, or else in the middle of a word."""
    middle = len(text) // 2
    place = text.rfind(" ", middle // 2, middle)
    cut = place if place > 0 else middle
    return text[:cut], text[cut:]


def _between(one: Sequence[float], other: Sequence[float]) -> Sequence[float]:
    together = [first + second for first, second in zip(one, other, strict=True)]
    length = math.hypot(*together)
    return [each / length for each in together] if length else one
