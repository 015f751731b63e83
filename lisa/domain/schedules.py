"""When a model runs by itself: LISA's daily and recurring times, in a time zone of the world."""

from datetime import datetime, time
from enum import StrEnum
from typing import Annotated, Final, Literal, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, model_validator

from lisa.domain.frozen import Frozen

SHORTEST_MINUTES: Final = 120  # from a start to its stop: an engine needs a while to start
DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_MINUTES: Final = 24 * 60


def _known(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("is no time zone like Europe/Berlin") from error
    return name


Zone: TypeAlias = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_known)]


class Hours(Frozen):
    """From when to when it runs; a stop that isn't later than its start is the next day's."""

    start: time
    stop: time

    @model_validator(mode="after")
    def _long_enough(self) -> "Hours":
        if self.minutes < SHORTEST_MINUTES:
            raise ValueError("the stop must be at least two hours after the start")
        return self

    @property
    def minutes(self) -> int:
        """Return how long it runs, where no clock is changed."""
        start, stop = (each.hour * 60 + each.minute for each in (self.start, self.stop))
        return (stop - start) % _DAY_MINUTES or _DAY_MINUTES


class Schedule(Frozen):
    """Hours of each day (0 is Monday); a day that is missing has none."""

    kind: Literal["DAILY", "RECURRING"]
    timezone: Zone = "UTC"
    days: Annotated[dict[Annotated[int, Field(ge=0, le=6)], Hours], Field(min_length=1)]


class Act(StrEnum):
    """What a schedule does."""

    START = "START"
    STOP = "STOP"


class Planned(Frozen):
    """What a schedule does at a moment."""

    act: Act
    at: datetime
