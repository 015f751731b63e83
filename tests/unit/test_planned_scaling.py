"""Which bounds of replicas are in force, day and night and where clocks are changed."""

from datetime import UTC, datetime
from typing import Any, Final

import pytest

from lisa.domain.errors import Invalid
from lisa.domain.hosting import EngineName, Hosting, HostKind, Scaling, Weights
from lisa.domain.planned_scaling import MOST_PLANNED, PlannedScale
from lisa.usecases.model_rules import hosting_checked
from lisa.usecases.planned_scaling import bounds_now, hosting_now, replicas_of

BERLIN: Final = "Europe/Berlin"
WORKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday")


def planned(at: str, minimum: int, maximum: int, **about: Any) -> PlannedScale:
    return PlannedScale.model_validate(
        {"at": at, "minimum": minimum, "maximum": maximum, "timezone": BERLIN, **about}
    )


def bounds(now: str, *scales: PlannedScale) -> tuple[int, int]:
    """Return what is in force at a moment of UTC."""
    return bounds_now(Scaling(planned=scales), datetime.fromisoformat(now).replace(tzinfo=UTC))


DAY_AND_NIGHT: Final = (planned("08:00", 2, 6, days=WORKDAYS), planned("20:00", 0, 1))


def test_without_a_plan_the_steady_bounds_are_in_force() -> None:
    scaling = Scaling(minimum=1, desired=2, maximum=3)
    assert bounds_now(scaling, datetime(2026, 6, 1, tzinfo=UTC)) == (1, 3)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-06-01 05:59:59", (0, 1)),  # a Monday, two hours behind Berlin
        ("2026-06-01 06:00:00", (2, 6)),
        ("2026-06-01 17:59:59", (2, 6)),
        ("2026-06-01 18:00:00", (0, 1)),
        ("2026-06-06 12:00:00", (0, 1)),  # Friday's night goes on
        ("2026-01-05 06:59:59", (0, 1)),  # in winter one hour
        ("2026-01-05 07:00:00", (2, 6)),
    ],
)
def test_what_was_planned_last_is_in_force(now: str, expected: tuple[int, int]) -> None:
    assert bounds(now, *DAY_AND_NIGHT) == expected


def test_once_a_week_lasts_the_whole_week() -> None:
    weekly = planned("12:00", 3, 3, days=["sunday"])
    monday = planned("12:00", 1, 1, days=["monday"])
    assert bounds("2026-06-07 09:59:59", weekly, monday) == (1, 1)
    assert bounds("2026-06-07 10:00:00", weekly, monday) == (3, 3)
    assert bounds("2026-06-07 09:59:59", weekly) == (3, 3)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-03-29 00:59:59", (0, 1)),
        ("2026-03-29 01:00:00", (2, 2)),  # both are left out, and begin at 03:00 in their order
        ("2026-10-25 00:14:59", (0, 1)),
        ("2026-10-25 00:15:00", (1, 1)),
        ("2026-10-25 00:30:00", (2, 2)),
        ("2026-10-25 01:15:00", (2, 2)),  # 02:15 comes again, and counts once
    ],
)
def test_where_clocks_are_changed_each_counts_once(now: str, expected: tuple[int, int]) -> None:
    scales = (planned("02:30", 2, 2), planned("02:15", 1, 1), planned("20:00", 0, 1))
    assert bounds(now, *scales) == expected


def test_zones_each_have_their_own_clock() -> None:
    scales = (planned("09:00", 2, 2), planned("09:00", 3, 3, timezone="America/New_York"))
    assert bounds("2026-06-01 07:00:00", *scales) == (2, 2)
    assert bounds("2026-06-01 13:00:00", *scales) == (3, 3)


@pytest.mark.parametrize(
    ("now", "desired", "expected"),
    [
        ("2026-06-01 12:00:00", 1, (2, 6, 2, 2)),
        ("2026-06-01 12:00:00", 4, (2, 6, 4, 4)),
        ("2026-06-01 22:00:00", 4, (0, 1, 1, 1)),
        ("2026-06-01 22:00:00", 0, (0, 1, 0, 1)),
    ],
)
def test_as_many_replicas_are_wanted_as_the_bounds_let_be(
    now: str, desired: int, expected: tuple[int, int, int, int]
) -> None:
    hosting = Hosting(
        kind=HostKind.SCRIPTED,
        engine=EngineName.VLLM,
        weights=Weights(source="/weights"),
        scaling=Scaling(minimum=0, desired=desired, maximum=9, planned=DAY_AND_NIGHT),
    )
    found = hosting_now(hosting, datetime.fromisoformat(now).replace(tzinfo=UTC))
    scaling = found.scaling
    assert (scaling.minimum, scaling.maximum, scaling.desired, replicas_of(found)) == expected
    assert scaling.planned == DAY_AND_NIGHT


def test_days_stand_in_their_order_and_are_all_if_none_is_named() -> None:
    assert planned("08:00", 1, 1, days=["friday", "monday", "friday"]).days == ("monday", "friday")
    assert len(planned("08:00", 1, 1).days) == 7


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"at": "8:00"}, "no time of day like 08:00"),
        ({"at": "24:00"}, "no time of day like 08:00"),
        ({"at": "08:00\n"}, "no time of day like 08:00"),
        ({"days": ["mon"]}, "no days like monday"),
        ({"days": []}, "at least 1 item"),
        ({"timezone": "Mars/Olympus"}, "no time zone like Europe/Berlin"),
        ({"minimum": 3, "maximum": 2}, "the minimum must not be more than the maximum"),
        ({"maximum": 0}, "greater than or equal to 1"),
        ({"maximum": 101}, "less than or equal to 100"),
    ],
)
def test_what_cannot_be_planned_is_named(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        checked({"at": "08:00", "minimum": 1, "maximum": 2, **wrong})


@pytest.mark.parametrize(
    "other",
    [
        {"at": "08:00", "days": ["sunday", "tuesday"], "timezone": BERLIN},
        {"at": "07:00", "days": ["tuesday"], "timezone": "UTC"},  # in winter
        {"at": "06:00", "days": ["tuesday"], "timezone": "UTC"},  # in summer
        {"at": "20:00", "days": ["monday"], "timezone": "Pacific/Honolulu"},
    ],
)
def test_nothing_else_is_planned_for_the_same_moment(other: dict[str, Any]) -> None:
    first = {"at": "08:00", "days": WORKDAYS, "timezone": BERLIN, "minimum": 1, "maximum": 2}
    with pytest.raises(Invalid, match="another one is planned for the moment of"):
        checked(first, {**first, **other})


def test_a_plan_has_an_end() -> None:
    each = [{"at": f"{hour:02}:00", "minimum": 1, "maximum": 1} for hour in range(MOST_PLANNED + 1)]
    checked(*each[:-1])
    with pytest.raises(Invalid, match="at most 20"):
        checked(*each)


def checked(*scales: dict[str, Any]) -> Hosting:
    """Check a hosting for which this is planned."""
    return hosting_checked(
        {
            "kind": "scripted",
            "engine": "vllm",
            "weights": {"source": "/weights"},
            "scaling": {"planned": scales},
        }
    )
