"""Puts the lists of several methods of search together into one."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import Final, TypeVar

K: Final = 10  # how little it counts whether something is first or second
T = TypeVar("T", bound=Hashable)


def fused(lists: Iterable[tuple[float, Sequence[T]]]) -> dict[T, float]:
    """Return what is in any list with its score by reciprocal rank, best first.

    Each list comes with its weight. Lists here are short; with the 60 that is usual for long ones,
    what is far down in two of them would stand above what is first in one.
    """
    scores: defaultdict[T, float] = defaultdict(float)
    for weight, ranked in lists:
        for rank, one in enumerate(ranked, start=1):
            scores[one] += weight / (K + rank)
    return dict(sorted(scores.items(), key=lambda each: -each[1]))
