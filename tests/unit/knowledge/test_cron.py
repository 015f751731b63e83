"""Times of five fields: what comes next, and what is no time at all."""

from datetime import UTC, datetime

import pytest

from lisa.domain.errors import Invalid
from lisa.domain.knowledge.cron import read_cron

MOMENT = datetime(2026, 11, 21, 18, 37, 16, tzinfo=UTC)  # a Saturday


@pytest.mark.parametrize(
    ("text", "following"),
    [
        ("* * * * *", "2026-11-21T18:38"),
        ("37 18 * * *", "2026-11-22T18:37"),
        ("0 0 * * *", "2026-11-22T00:00"),
        ("*/15 * * * *", "2026-11-21T18:45"),
        ("5/20 * * * *", "2026-11-21T18:45"),
        ("0 9-17 * * 1-5", "2026-11-23T09:00"),
        ("0 9-17/4,20 * * *", "2026-11-21T20:00"),
        ("30 3 1 * *", "2026-12-01T03:30"),
        ("30 3 1 1 *", "2027-01-01T03:30"),
        ("0 0 29 2 *", "2028-02-29T00:00"),
        ("0 0 * * 0", "2026-11-22T00:00"),
        ("0 0 * * 7", "2026-11-22T00:00"),
        ("0 0 13 * 5", "2026-11-27T00:00"),  # the 13th, or a Friday
        ("0 0 */2 * 1", "2026-11-23T00:00"),  # Mondays with an odd number
        ("0 0 31 11,12 *", "2026-12-31T00:00"),
    ],
)
def test_the_next_time(text: str, following: str) -> None:
    assert read_cron(text).after(MOMENT) == datetime.fromisoformat(f"{following}:00+00:00")


def test_a_day_that_never_comes_is_none() -> None:
    assert read_cron("0 0 30 2 *").after(MOMENT) is None


@pytest.mark.parametrize(
    "text",
    [
        *("", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *"),
        *("* * * * 8", "5-1 * * * *", "*/0 * * * *", "a * * * *", "1, * * * *", "-1 * * * *"),
        *("1--2 * * * *", "* * * * mon", "\u0663 * * * *", "000000001 * * * *", "1/ * * * *"),
    ],
)
def test_what_is_no_schedule_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_cron(text)
    assert refused.value.precise_code == "bad_schedule"
