"""Puts the lists of several methods of search together into one."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from typing import Final, TypeVar

K: Final = 60  # how little it counts whether something is first or second
T = TypeVar("T", bound=Hashable)


def fused(lists: Iterable[Mapping[T, float]]) -> dict[T, float]:
    """Return what is in any list with its score by reciprocal rank, best first.

    Each list is in its order, and says how much each place in it is worth: the first of a list
    that knows nothing of what was asked is then no match for the first of one that does.
    """
    scores: defaultdict[T, float] = defaultdict(float)
    for ranked in lists:
        for rank, (one, worth) in enumerate(ranked.items(), start=1):
            scores[one] += worth / (K + rank)
    return dict(sorted(scores.items(), key=lambda each: -each[1]))
