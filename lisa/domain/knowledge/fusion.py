"""Puts the lists of several methods of search together into one."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import Final, TypeVar

K: Final = 60  # of Cormack, Clarke and Buettcher (2009): how little a rank at the top counts
T = TypeVar("T", bound=Hashable)


def fused(lists: Iterable[Sequence[T]]) -> dict[T, float]:
    """Return what is in any list with its score by reciprocal rank, best first."""
    scores: defaultdict[T, float] = defaultdict(float)
    for ranked in lists:
        for rank, one in enumerate(ranked, start=1):
            scores[one] += 1 / (K + rank)
    return dict(sorted(scores.items(), key=lambda each: -each[1]))
