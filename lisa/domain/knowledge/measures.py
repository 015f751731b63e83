"""How well a search found what is relevant: recall, nDCG, reciprocal rank, and how long it took.

Ranks count passages from 1, as people see them; of a place that is found several times, only the
first counts.
"""

from collections.abc import Sequence
from math import ceil, log2
from typing import Final

from lisa.domain.frozen import Frozen

DEPTH: Final = 10  # passages that are looked at


class Tried(Frozen):
    """What a method found for a question: ranks of relevant places, of how many, how fast."""

    ranks: tuple[int, ...]
    relevant: int
    seconds: float


class Figures(Frozen):
    """A method's figures over many questions; times are seconds."""

    questions: int
    missed: int  # nothing relevant among the first ten
    recall_at_1: float
    recall_at_5: float
    recall_at_10: float
    ndcg_at_10: float
    mrr: float
    p50: float
    p95: float


def recall_at(depth: int, tried: Tried) -> float:
    """Return which part of the relevant places is among the first so many."""
    return sum(1 for rank in tried.ranks if rank <= depth) / tried.relevant


def ndcg_at(depth: int, tried: Tried) -> float:
    """Return the discounted gain as a part of what the best order would have.

    One passage can have several relevant places, and so be better than the best of one each.
    """
    gain = sum(1 / log2(rank + 1) for rank in tried.ranks if rank <= depth)
    best = sum(1 / log2(rank + 1) for rank in range(1, min(tried.relevant, depth) + 1))
    return min(gain / best, 1.0)


def reciprocal_rank(tried: Tried) -> float:
    """Return one divided by the rank of the first relevant passage; 0 where none was found."""
    return 1 / min(tried.ranks) if tried.ranks else 0.0


def figures_of(tried: Sequence[Tried]) -> Figures:
    """Return a method's figures; over no questions all are 0."""
    count = len(tried)

    def mean(values: Sequence[float]) -> float:
        return sum(values) / count if count else 0.0

    seconds = [each.seconds for each in tried]
    return Figures(
        questions=count,
        missed=sum(not recall_at(DEPTH, each) for each in tried),
        recall_at_1=mean([recall_at(1, each) for each in tried]),
        recall_at_5=mean([recall_at(5, each) for each in tried]),
        recall_at_10=mean([recall_at(10, each) for each in tried]),
        ndcg_at_10=mean([ndcg_at(10, each) for each in tried]),
        mrr=mean([reciprocal_rank(each) for each in tried]),
        p50=percentile(50, seconds),
        p95=percentile(95, seconds),
    )


def percentile(part: int, values: Sequence[float]) -> float:
    """Return the value that so many percent don't exceed: one of them, none made up between."""
    ordered = sorted(values)
    return ordered[max(ceil(len(ordered) * part / 100), 1) - 1] if ordered else 0.0
