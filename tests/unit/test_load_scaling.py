"""How many replicas a load wants: more at once, fewer after a while, never beyond the bounds."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from lisa.domain.hosting import Scaling
from lisa.ports.hosts import Replica
from lisa.stores.model_reports import Minute, Use
from lisa.usecases.load_scaling import Tracking, Verdict, load_of

NOW: Final = datetime(2026, 6, 1, 12, tzinfo=UTC)
COOLDOWN: Final = timedelta(seconds=300)
LONG_AGO: Final = NOW - timedelta(days=1)
JUST_NOW: Final = NOW - timedelta(seconds=179)
SILENT: Final = Minute()


def there(*since: datetime | None) -> list[Replica]:
    """Return replicas that answer since then, or don't yet."""
    return [Replica(f"r{n}", "", healthy=at is not None, since=at) for n, at in enumerate(since)]


def wanted(load: Minute | None, replicas: Sequence[Replica], **scaling: Any) -> int:
    """Return what is wanted after the metric has been low for the cooldown, if it is low."""
    return judged(load, replicas, NOW - COOLDOWN, **scaling).replicas


def judged(
    load: Minute | None, replicas: Sequence[Replica], low_since: datetime | None, **scaling: Any
) -> Verdict:
    tracking = Tracking(Scaling(**{"maximum": 10, **scaling}), len(replicas), replicas)
    return tracking.verdict(load, low_since, NOW)


@pytest.mark.parametrize(
    ("metric", "load"),
    [
        ("requests", Minute(calls=61)),
        ("latency", Minute(calls=100, answered=100, seconds=6100)),
        ("queue", Minute(calls=1, under_way=60.1)),
    ],
)
@pytest.mark.parametrize("low_since", [None, NOW - COOLDOWN])
def test_more_are_wanted_as_soon_as_the_metric_stands_above_its_target(
    metric: str, load: Minute, low_since: datetime | None
) -> None:
    replicas = there(LONG_AGO)
    assert judged(load, replicas, low_since, metric=metric).replicas == 3  # each has 30 at most
    assert judged(load, replicas, low_since, metric=metric, target=100).replicas == 1


@pytest.mark.parametrize(
    ("calls", "expected"), [(0, 1), (31, 2), (269, 9), (270, 10), (300, 10), (301, 11)]
)
def test_fewer_are_wanted_below_nine_tenths_of_the_target(calls: int, expected: int) -> None:
    ten = there(*[LONG_AGO] * 10)
    assert wanted(Minute(calls=calls), ten, maximum=20) == expected


def test_fewer_are_wanted_only_when_it_was_low_for_the_cooldown() -> None:
    two = there(LONG_AGO, LONG_AGO)
    first = judged(SILENT, two, None)
    assert (first.replicas, first.low_since) == (2, NOW)
    almost = NOW - COOLDOWN + timedelta(seconds=1)
    assert judged(SILENT, two, almost) == Verdict(2, low_since=almost)
    assert judged(SILENT, two, NOW - COOLDOWN).replicas == 1


def test_whoever_is_not_low_for_a_moment_begins_the_cooldown_anew() -> None:
    two = there(LONG_AGO, LONG_AGO)
    assert judged(Minute(calls=54), two, NOW - COOLDOWN) == Verdict(2)


@pytest.mark.parametrize("metric", ["requests", "queue", "latency"])
def test_new_replicas_are_no_reason_to_have_fewer(metric: str) -> None:
    warming = there(LONG_AGO, JUST_NOW)
    assert judged(SILENT, warming, NOW - COOLDOWN, metric=metric) == Verdict(2)
    assert wanted(SILENT, warming, metric=metric, warmup_seconds=179) == 1


def test_new_replicas_count_and_their_part_in_the_latency_is_not_judged() -> None:
    slow = Minute(calls=10, answered=10, seconds=600)  # twice the target
    assert wanted(slow, there(LONG_AGO)) == 1  # by the calls
    assert wanted(slow, there(LONG_AGO), metric="latency") == 2
    for new in (JUST_NOW, None):
        assert wanted(slow, there(LONG_AGO, new), metric="latency") == 2
    assert wanted(slow, there(LONG_AGO, LONG_AGO), metric="latency") == 4
    assert wanted(slow, there(JUST_NOW, None), metric="latency") == 2


def test_a_replica_that_never_comes_is_no_reason_to_keep_it() -> None:
    assert wanted(SILENT, there(LONG_AGO, None)) == 1


def test_nothing_goes_beyond_the_bounds() -> None:
    assert wanted(Minute(calls=10**6), there(LONG_AGO), maximum=4) == 4
    assert wanted(SILENT, there(*[LONG_AGO] * 4), minimum=2, desired=2) == 2
    assert wanted(SILENT, there(LONG_AGO), minimum=0) == 1


def test_where_no_answer_has_begun_yet_the_latency_is_not_known() -> None:
    two = there(LONG_AGO, LONG_AGO)
    for load in (Minute(calls=5), Minute(under_way=1)):
        assert wanted(load, two, metric="latency") == 2
    assert wanted(SILENT, two, metric="latency") == 1


@pytest.mark.parametrize(
    ("metric", "load", "words"),
    [
        ("requests", Minute(calls=8), "8 calls per minute and replica of 2 wanted"),
        ("latency", Minute(answered=3, seconds=22), "answers begin after 7.3 s, of 2 s wanted"),
        ("queue", Minute(under_way=7.25), "7.2 calls under way per replica of 2 wanted"),
    ],
)
def test_it_is_told_why(metric: str, load: Minute, words: str) -> None:
    verdict = judged(load, there(LONG_AGO), None, metric=metric, target=2)
    assert (verdict.replicas, verdict.words) == (4, words)


def use(seconds_ago: float, **minute: float) -> Use:
    told = NOW - timedelta(seconds=seconds_ago)
    return Use(last_used=told, under_way=0, told=told, minute=Minute.model_validate(minute))


def test_the_load_is_what_all_gateways_told_within_a_minute() -> None:
    one = use(1, calls=3, answered=2, seconds=1.5, under_way=0.5)
    other = use(59, calls=4, answered=4, seconds=2, under_way=1)
    silent = use(60, calls=50)
    both = Minute(calls=7, answered=6, seconds=3.5, under_way=1.5)
    assert load_of([one, other, silent], NOW) == both
    assert load_of([silent], NOW) == SILENT


def test_of_what_no_gateway_told_nothing_is_known_and_everything_stays() -> None:
    older = Use.model_validate({"last_used": NOW, "under_way": 9, "told": NOW}, extra="ignore")
    for uses in ([], [older]):
        load = load_of(uses, NOW)
        assert load is None
        assert wanted(load, there(LONG_AGO, LONG_AGO), minimum=0) == 2
