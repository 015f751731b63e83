"""When a model runs by itself, in LISA's words: each day's hours, or every day the same."""

from datetime import time
from typing import Annotated, Final, Literal, Self

from pydantic import StringConstraints, model_validator

from lisa.domain.schedules import DAYS, SHORTEST_MINUTES, Hours, Schedule, Zone
from lisa.http.models.wire import Wire

Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
WHOLE_WEEK: Final = range(len(DAYS))


class DaySchedule(Wire):
    """From when to when; a stop that isn't later than its start is the next day's."""

    start_time: Clock
    stop_time: Clock

    @model_validator(mode="after")
    def _long_enough(self) -> Self:
        start, stop = _time(self.start_time), _time(self.stop_time)
        if Hours.model_construct(start=start, stop=stop).minutes < SHORTEST_MINUTES:
            raise ValueError("the stop must be at least two hours after the start")
        return self

    def hours(self) -> Hours:
        """Return them in our words."""
        return Hours(start=_time(self.start_time), stop=_time(self.stop_time))

    @classmethod
    def of(cls, hours: Hours) -> "DaySchedule":
        """Show hours."""
        return cls(start_time=f"{hours.start:%H:%M}", stop_time=f"{hours.stop:%H:%M}")


class Week(Wire):
    """The hours of each day; a day that is missing has none."""

    monday: DaySchedule | None = None
    tuesday: DaySchedule | None = None
    wednesday: DaySchedule | None = None
    thursday: DaySchedule | None = None
    friday: DaySchedule | None = None
    saturday: DaySchedule | None = None
    sunday: DaySchedule | None = None

    def days(self) -> dict[int, Hours]:
        """Return them in our words."""
        each = ((number, getattr(self, name)) for number, name in enumerate(DAYS))
        return {number: day.hours() for number, day in each if day}


class SchedulingConfig(Wire):
    """`DAILY` has hours of its own for each day, `RECURRING` the same for every day."""

    schedule_type: Literal["DAILY", "RECURRING"]
    timezone: Zone = "UTC"
    daily_schedule: Week | None = None
    recurring_schedule: DaySchedule | None = None

    @model_validator(mode="after")
    def _says_when(self) -> Self:
        if not self._days():
            raise ValueError("give dailySchedule with a day for DAILY, else recurringSchedule")
        return self

    def schedule(self) -> Schedule:
        """Return it in our words."""
        return Schedule(kind=self.schedule_type, timezone=self.timezone, days=self._days())

    @classmethod
    def of(cls, schedule: Schedule) -> "SchedulingConfig":
        """Show a schedule."""
        days = {number: DaySchedule.of(hours) for number, hours in schedule.days.items()}
        daily = schedule.kind == "DAILY"
        named = {DAYS[number]: hours for number, hours in days.items()}
        return cls(
            schedule_type=schedule.kind,
            timezone=schedule.timezone,
            daily_schedule=Week.model_validate(named) if daily else None,
            recurring_schedule=None if daily else next(iter(days.values())),
        )

    def _days(self) -> dict[int, Hours]:
        if self.schedule_type == "DAILY":
            return self.daily_schedule.days() if self.daily_schedule else {}
        hours = self.recurring_schedule.hours() if self.recurring_schedule else None
        return dict.fromkeys(WHOLE_WEEK, hours) if hours else {}


def _time(text: str) -> time:
    return time.fromisoformat(text)
