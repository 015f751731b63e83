"""Recall, nDCG and reciprocal rank, against values worked out by hand."""

import pytest

from lisa.domain.knowledge.evaluation import Method, Outcome, differences
from lisa.domain.knowledge.measures import (
    Tried,
    figures_of,
    ndcg_at,
    percentile,
    recall_at,
    reciprocal_rank,
)


def tried(*ranks: int, relevant: int = 1, seconds: float = 0.1) -> Tried:
    return Tried(ranks=ranks, relevant=relevant, seconds=seconds)


@pytest.mark.parametrize(
    ("one", "at_1", "at_5", "at_10"),
    [
        (tried(1), 1, 1, 1),
        (tried(), 0, 0, 0),
        (tried(2, 7, relevant=4), 0, 0.25, 0.5),
        (tried(1, 5, 10, relevant=3), 1 / 3, 2 / 3, 1),
    ],
)
def test_recall_is_the_part_that_was_found(
    one: Tried, at_1: float, at_5: float, at_10: float
) -> None:
    assert [recall_at(depth, one) for depth in (1, 5, 10)] == pytest.approx([at_1, at_5, at_10])


@pytest.mark.parametrize(
    ("one", "gain"),
    [
        (tried(1), 1),
        (tried(3), 0.5),  # 1 / log2(4)
        (tried(), 0),
        (tried(11), 0),
        (tried(1, 3, relevant=2), 1.5 / 1.6309297536),  # of 1 + 1 / log2(3)
        (tried(1, 1, relevant=2), 1),  # both in one passage
        (tried(*range(1, 11), relevant=12), 1),  # more than ten can't be among ten
    ],
)
def test_ndcg_counts_less_the_later_it_comes(one: Tried, gain: float) -> None:
    assert ndcg_at(10, one) == pytest.approx(gain)


def test_reciprocal_rank_is_of_the_first_that_was_found() -> None:
    assert [reciprocal_rank(each) for each in (tried(4, 8, relevant=2), tried())] == [0.25, 0]


def test_a_percentile_is_a_value_there_was() -> None:
    values = [0.3, 0.1, 0.2, 0.4]
    assert [percentile(part, values) for part in (1, 50, 75, 95)] == [0.1, 0.2, 0.3, 0.4]
    assert percentile(95, [float(number) for number in range(1, 101)]) == 95


def test_figures_are_means_over_the_questions() -> None:
    figures = figures_of([tried(1, seconds=0.2), tried(4), tried(), tried(2, seconds=0.9)])
    assert (figures.questions, figures.missed) == (4, 1)
    assert (figures.recall_at_1, figures.recall_at_5, figures.recall_at_10) == (0.25, 0.75, 0.75)
    assert figures.mrr == pytest.approx((1 + 1 / 4 + 0 + 1 / 2) / 4)
    assert figures.ndcg_at_10 == pytest.approx((1 + 0.4306765581 + 0 + 0.6309297536) / 4)
    assert (figures.p50, figures.p95) == (0.1, 0.9)


def test_figures_of_nothing_are_nothing() -> None:
    assert set(figures_of([]).model_dump().values()) == {0}


def outcome(number: int, **by: Tried) -> Outcome:
    tried_by = {Method(name): each for name, each in by.items()}
    return Outcome(number=number, question="q", relevant=(), tried=tried_by)


def test_two_runs_are_compared_by_what_both_have() -> None:
    before = [
        outcome(0, dense=tried(1), hybrid=tried()),
        outcome(1, dense=tried(), hybrid=tried()),
        outcome(2, dense=tried(2), hybrid=tried()),
    ]
    after = [outcome(0, dense=tried()), outcome(1, dense=tried(3)), outcome(3, dense=tried())]
    (only,) = differences(before, after)
    assert (only.method, only.gained, only.lost) == (Method.DENSE, (1,), (0,))
    assert (only.before.questions, only.before.mrr) == (2, 0.5)
    assert only.after.mrr == pytest.approx(1 / 6)
    assert differences(before, []) == []
