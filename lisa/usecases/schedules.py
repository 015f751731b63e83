"""What a schedule plans: when it next starts or stops a model, and what it did last.

Hours that touch or overlap are one: a model that runs from Monday's start to Tuesday's stop isn't
stopped by Monday's.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from lisa.domain.model import Model
from lisa.domain.schedules import Act, Planned, Schedule

DAY: Final = timedelta(days=1)
REACH: Final = 9  # days before and after now, among which is each of a week and one beside it
WITHOUT_END: Final = timedelta(days=8)  # hours of a week that last longer are followed by the next
SECOND: Final = timedelta(seconds=1)
Status: TypeAlias = Literal["ACTIVE", "DISABLED", "FAILED"]


def next_planned(schedule: Schedule, now: datetime) -> Planned | None:
    """Return what happens next; nothing where it always runs."""
    return next((each for each in _planned(schedule, now) if each.at > now), None)


def last_planned(schedule: Schedule, now: datetime) -> Planned | None:
    """Return what happened last, or happens now."""
    return next((each for each in reversed(_planned(schedule, now)) if each.at <= now), None)


def status(model: Model) -> Status:
    """Tell in LISA's words how it stands with a model's schedule."""
    if model.schedule is None:
        return "DISABLED"
    return "FAILED" if model.schedule_error else "ACTIVE"


def _planned(schedule: Schedule, now: datetime) -> list[Planned]:
    """Return what is planned around now, in its order."""
    found = []
    for start, stop in _joined(sorted(_hours(schedule, now))):
        found.append(Planned(act=Act.START, at=start))
        if stop - start < WITHOUT_END:
            found.append(Planned(act=Act.STOP, at=stop))
    return found


def _hours(schedule: Schedule, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    zone = ZoneInfo(schedule.timezone)
    today = now.astimezone(zone).date()
    for day in (today + DAY * number for number in range(-REACH, REACH + 1)):
        hours = schedule.days.get(day.weekday())
        if hours:
            end = day if hours.stop > hours.start else day + DAY
            yield moment_of(day, hours.start, zone), moment_of(end, hours.stop, zone)


def _joined(hours: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    joined: list[tuple[datetime, datetime]] = []
    for start, stop in hours:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(stop, joined[-1][1])
        else:
            joined.append((start, stop))
    return joined


def moment_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return when clocks there show this: the first time, or just after where they leap over it."""
    shown = datetime.combine(day, at)
    moment = shown.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == shown:
        return moment
    return _leap(moment - DAY, moment, zone)


def _leap(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment between these at which clocks there are put forward."""
    former = before.astimezone(zone).utcoffset()
    while after - before > SECOND:
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == former:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
