"""What is planned of a model's replicas, as it is in force at a moment."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from lisa.domain.hosting import Hosting, Scaling
from lisa.domain.planned_scaling import PlannedScale
from lisa.domain.schedules import DAYS
from lisa.usecases.schedules import DAY, moment_of

LOOK_BACK: Final = 8  # days before now, among which is each of a week, whatever its zone


def bounds_now(scaling: Scaling, now: datetime) -> tuple[int, int]:
    """Return the fewest and the most replicas: as was planned last, however long ago."""
    begun = [
        (moment, each.at, each.minimum, each.maximum)
        for each in scaling.planned
        for moment in _moments(each, now)
        if moment <= now
    ]
    *_, minimum, maximum = max(begun, default=(scaling.minimum, scaling.maximum))
    return minimum, maximum


def hosting_now(hosting: Hosting, now: datetime) -> Hosting:
    """Return the hosting with the bounds in force, and as many replicas as they let be wanted."""
    scaling = hosting.scaling
    minimum, maximum = bounds_now(scaling, now)
    desired = min(max(scaling.desired, minimum), maximum)
    bounds = {"minimum": minimum, "maximum": maximum, "desired": desired}
    return hosting.model_copy(update={"scaling": scaling.model_copy(update=bounds)})


def replicas_of(hosting: Hosting) -> int:
    """Return how many replicas a model that runs begins with: it has one at least."""
    return max(1, hosting.scaling.desired)


def _moments(planned: PlannedScale, now: datetime) -> Iterator[datetime]:
    zone, at = ZoneInfo(planned.timezone), time.fromisoformat(planned.at)
    today = now.astimezone(zone).date()
    for day in (today - DAY * number for number in range(LOOK_BACK)):
        if DAYS[day.weekday()] in planned.days:
            yield moment_of(day, at, zone)
