"""Other bounds of a model's replicas by the time of day, in a time zone of the world."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from lisa.domain.frozen import Frozen
from lisa.domain.schedules import DAYS, Zone

MOST_REPLICAS: Final = 100
MOST_PLANNED: Final = 20
MINUTE: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
# Mondays by which zones are compared, with summer time in neither half of the world or in one.
WEEKS: Final = (date(2025, 1, 13), date(2025, 7, 14))
WEEK: Final = timedelta(days=7)
Day: TypeAlias = Literal[
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
]


def _minute(text: str) -> str:
    if not MINUTE.fullmatch(text):
        raise ValueError("is no time of day like 08:00")
    return text


def _known(days: object) -> object:
    """Refuse other days in words; the type alone would list all seven for each."""
    if isinstance(days, list | tuple) and not all(each in DAYS for each in days):
        raise ValueError("are no days like monday")
    return days


def _in_order(days: tuple[Day, ...]) -> tuple[Day, ...]:
    return tuple(sorted({*days}, key=DAYS.index))


class PlannedScale(Frozen):
    """From this moment until the next one that is planned, there are so many replicas."""

    at: Annotated[str, AfterValidator(_minute)]
    days: Annotated[
        tuple[Day, ...], Field(min_length=1), BeforeValidator(_known), AfterValidator(_in_order)
    ] = DAYS
    timezone: Zone = "UTC"
    minimum: Annotated[int, Field(ge=0, le=MOST_REPLICAS)]
    maximum: Annotated[int, Field(ge=1, le=MOST_REPLICAS)]

    @model_validator(mode="after")
    def _possible(self) -> "PlannedScale":
        if self.minimum > self.maximum:
            raise ValueError("the minimum must not be more than the maximum")
        return self


def _one_at_a_time(planned: tuple[PlannedScale, ...]) -> tuple[PlannedScale, ...]:
    """Refuse two at the same moment, by whatever clocks: nobody knew which one counts."""
    for monday in WEEKS:
        known: set[timedelta] = set()
        for each in planned:
            moments = _moments(each, monday)
            if known & moments:
                raise ValueError(f"another one is planned for the moment of {each.at}")
            known |= moments
    return planned


def _moments(planned: PlannedScale, monday: date) -> set[timedelta]:
    """Return when it is, after the week began in UTC."""
    zone, at = ZoneInfo(planned.timezone), time.fromisoformat(planned.at)
    began = datetime.combine(monday, time(), UTC)
    days = (monday + timedelta(DAYS.index(day)) for day in planned.days)
    return {(datetime.combine(day, at, zone) - began) % WEEK for day in days}


PlannedScales: TypeAlias = Annotated[
    tuple[PlannedScale, ...], Field(max_length=MOST_PLANNED), AfterValidator(_one_at_a_time)
]
