"""When schedules start and stop models, around midnight and where clocks are changed."""

from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

import pytest

from lisa.domain.model import Model
from lisa.domain.schedules import Act, Hours, Schedule
from lisa.usecases.schedules import last_planned, next_planned, status

BERLIN: Final = "Europe/Berlin"
NEW_YORK: Final = "America/New_York"
EVERY_DAY: Final = range(7)
NOW: Final = datetime(2026, 6, 1, tzinfo=UTC)


def schedule(start: str, stop: str, days: Any = EVERY_DAY, zone: str = "UTC") -> Schedule:
    hours = Hours(start=time.fromisoformat(start), stop=time.fromisoformat(stop))
    return Schedule(kind="DAILY", timezone=zone, days=dict.fromkeys(days, hours))


def acts(plan: Schedule, first: str, last: str) -> list[str]:
    """Return what is planned between two moments, as `next_planned` tells it one by one."""
    now, end = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (first, last))
    found = []
    while (planned := next_planned(plan, now)) and planned.at <= end:
        found.append(f"{planned.act} {planned.at:%m-%d %H:%M:%S}")
        assert last_planned(plan, planned.at) == planned
        now = planned.at
    return found


def test_a_day_begins_and_ends_in_its_own_zone() -> None:
    plan = schedule("09:00", "17:00", [0], NEW_YORK)
    assert acts(plan, "2026-06-01", "2026-06-09") == [
        "START 06-01 13:00:00",
        "STOP 06-01 21:00:00",
        "START 06-08 13:00:00",
        "STOP 06-08 21:00:00",
    ]


def test_a_stop_that_is_not_later_than_its_start_is_the_next_days() -> None:
    plan = schedule("22:00", "06:00", [6])
    assert acts(plan, "2026-06-02", "2026-06-09") == ["START 06-07 22:00:00", "STOP 06-08 06:00:00"]


def test_what_happens_now_has_happened_and_isnt_next() -> None:
    plan = schedule("09:00", "17:00")
    now = datetime(2026, 6, 1, 9, tzinfo=UTC)
    last, following = last_planned(plan, now), next_planned(plan, now)
    assert last
    assert following
    assert (last.act, last.at) == (Act.START, now)
    assert (following.act, following.at) == (Act.STOP, now + timedelta(hours=8))


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        (BERLIN, "2026-03-29", ["START 03-29 01:00:00", "STOP 03-29 03:30:00"]),
        (NEW_YORK, "2026-03-08", ["START 03-08 07:00:00", "STOP 03-08 09:30:00"]),
        ("Australia/Lord_Howe", "2026-10-04", ["START 10-03 15:30:00", "STOP 10-03 18:30:00"]),
    ],
)
def test_a_start_in_the_hour_that_is_missing_happens_right_after_it(
    zone: str, day: str, expected: list[str]
) -> None:
    weekday = datetime.fromisoformat(day).weekday()
    start = "02:15" if zone.startswith("Australia") else "02:30"
    begin = datetime.fromisoformat(day) - timedelta(hours=20)
    found = acts(schedule(start, "05:30", [weekday], zone), str(begin), f"{day} 23:00")
    assert found == expected


def test_a_stop_in_the_hour_that_is_missing_happens_right_after_it() -> None:
    plan = schedule("22:00", "02:30", [5], BERLIN)
    assert acts(plan, "2026-03-28", "2026-03-30") == ["START 03-28 21:00:00", "STOP 03-29 01:00:00"]


@pytest.mark.parametrize(
    ("zone", "day", "start", "expected"),
    [
        (BERLIN, "2026-10-25", "02:30", ["START 10-25 00:30:00", "STOP 10-25 04:30:00"]),
        (NEW_YORK, "2026-11-01", "01:30", ["START 11-01 05:30:00", "STOP 11-01 10:30:00"]),
    ],
)
def test_a_start_in_the_hour_that_comes_twice_happens_once(
    zone: str, day: str, start: str, expected: list[str]
) -> None:
    weekday = datetime.fromisoformat(day).weekday()
    plan = schedule(start, "05:30", [weekday], zone)
    assert acts(plan, f"{day} 00:00", f"{day} 23:59") == expected


@pytest.mark.parametrize("month", [3, 10])
@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK])
def test_every_day_has_one_start_and_one_stop(zone: str, month: int) -> None:
    plan = schedule("02:30", "04:30", zone=zone)
    found = acts(plan, f"2026-{month:02}-01 12:00", f"2026-{month + 1:02}-10 12:00")
    assert found[::2] == [each for each in found if each.startswith("START")]
    assert len(found) == 2 * 40


def test_hours_that_touch_or_overlap_are_one() -> None:
    night, day = (Hours(start=time(start), stop=time(stop)) for start, stop in ((22, 10), (8, 18)))
    plan = Schedule(kind="DAILY", days={0: night, 1: day})
    assert acts(plan, "2026-06-01", "2026-06-07") == ["START 06-01 22:00:00", "STOP 06-02 18:00:00"]


def test_what_always_runs_is_never_stopped() -> None:
    plan = schedule("00:00", "00:00", zone=BERLIN)
    assert next_planned(plan, NOW) is None
    last = last_planned(plan, NOW)
    assert last
    assert last.act is Act.START


def test_what_runs_six_whole_days_stops_once_a_week() -> None:
    plan = schedule("00:00", "00:00", range(6))
    assert acts(plan, "2026-06-01", "2026-06-14 12:00") == [
        "STOP 06-07 00:00:00",
        "START 06-08 00:00:00",
        "STOP 06-14 00:00:00",
    ]


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ({}, "DISABLED"),
        ({"schedule": schedule("09:00", "17:00")}, "ACTIVE"),
        ({"schedule": schedule("09:00", "17:00"), "schedule_error": "no"}, "FAILED"),
    ],
)
def test_how_it_stands_is_told_in_lisas_words(about: dict[str, Any], expected: str) -> None:
    model = Model(id="m", created=NOW, changed=NOW).model_copy(update=about)
    assert status(model) == expected
