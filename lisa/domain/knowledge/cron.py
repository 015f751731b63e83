"""Times of five fields as cron knows them: minute, hour, day, month, weekday; all in UTC.

A field is `*`, a number, a range `1-5`, any of these with a step `*/15`, or several with commas.
Weekdays are 0 to 7, both ends Sunday. Where day and weekday both say something, either will do.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lisa.domain.errors import Invalid

BOUNDS: Final = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
NAMES: Final = ("minute", "hour", "day", "month", "weekday")
FARTHEST: Final = timedelta(days=366 * 8 + 1)  # February the 29th is never farther away
SUNDAY: Final = 7


@dataclass(frozen=True)
class Cron:
    """When something happens, again and again."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    any_day: bool
    any_weekday: bool

    def after(self, moment: datetime) -> datetime | None:
        """Return the first time after a moment; nothing where there is none, as February 30."""
        at = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
        last = moment + FARTHEST
        while at <= last:
            if not self._has_day(at):
                at = at.replace(hour=0, minute=0) + timedelta(days=1)
            elif at.hour not in self.hours:
                at = at.replace(minute=0) + timedelta(hours=1)
            elif at.minute not in self.minutes:
                at += timedelta(minutes=1)
            else:
                return at
        return None

    def _has_day(self, at: datetime) -> bool:
        day, weekday = at.day in self.days, at.isoweekday() % SUNDAY in self.weekdays
        fits = day and weekday if self.any_day or self.any_weekday else day or weekday
        return at.month in self.months and fits


def read_cron(text: str) -> Cron:
    """Read five fields; raises `Invalid`, naming the field."""
    fields = text.split()
    if len(fields) != len(NAMES):
        raise _wrong("a schedule has five fields: minute, hour, day, month, weekday")
    minutes, hours, days, months, weekdays = (
        _values(field, NAMES[place], *BOUNDS[place]) for place, field in enumerate(fields)
    )
    return Cron(
        minutes=minutes,
        hours=hours,
        days=days,
        months=months,
        weekdays=frozenset(each % SUNDAY for each in weekdays),
        any_day=fields[2].startswith("*"),
        any_weekday=fields[4].startswith("*"),
    )


def _values(field: str, name: str, low: int, high: int) -> frozenset[int]:
    return frozenset(value for part in field.split(",") for value in _range(part, name, low, high))


def _range(part: str, name: str, low: int, high: int) -> range:
    span, slash, step = part.partition("/")
    first, dash, last = span.partition("-")
    if span == "*":
        first, last = str(low), str(high)
    elif not dash:
        last = str(high) if slash else first
    numbers = (first, last, step if slash else "1")
    if not all(each.isascii() and each.isdigit() and len(each) <= len("59") for each in numbers):
        raise _wrong(f"a schedule's {name} is `*`, a number, a range or one with a step")
    begin, end, stride = map(int, numbers)
    if not (low <= begin <= end <= high and stride):
        raise _wrong(f"a schedule's {name} lies between {low} and {high}")
    return range(begin, end + 1, stride)


def _wrong(why: str) -> Invalid:
    return Invalid(why, next_step="write it like `0 3 * * 1-5`", code="bad_schedule")
