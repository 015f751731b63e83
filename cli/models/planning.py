"""What is planned of a model's replicas, as it is written on a command line."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from cli.models.schedule import days_in
from lisa.domain.errors import Invalid
from lisa.domain.schedules import DAYS

LIKE: Final = '--plan "08:00 mon-fri Europe/Berlin 2-6"'
# Days and zone may each be missing; a zone is told by its slash, or is UTC.
PLAN: Final = re.compile(
    r"(?P<at>[0-9]{2}:[0-9]{2})"
    r"( (?P<days>[a-z]+([,-][a-z]+)*))?"
    r"( (?P<timezone>UTC|[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)+))?"
    r" (?P<minimum>[0-9]{1,3})(-(?P<maximum>[0-9]{1,3}))?"
)
SHORT: Final = 3


def planned_in(texts: Sequence[str]) -> list[dict[str, Any]]:
    """Read all that is planned."""
    return [_planned(" ".join(each.split())) for each in texts]


def plan_rows(scaling: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what is planned, each as it can be given again."""
    return [("planned", _written(each)) for each in scaling["planned"]]


def _written(planned: Mapping[str, Any]) -> str:
    bounds = f"{planned['minimum']}-{planned['maximum']}"
    days = [] if len(planned["days"]) == len(DAYS) else [",".join(_ranges(planned["days"]))]
    return " ".join([planned["at"], *days, planned["timezone"], bounds])


def _planned(text: str) -> dict[str, Any]:
    found = PLAN.fullmatch(text)
    if not found:
        raise Invalid(f"{text!r} is no plan", next_step=f"write it like {LIKE}", code="plan")
    read = found.groupdict()
    minimum = int(read["minimum"])
    days = [day for part in (read["days"] or "mon-sun").split(",") for day in days_in(part)]
    return {
        "at": read["at"],
        "days": sorted({*days}, key=DAYS.index),
        "timezone": read["timezone"] or "UTC",
        "minimum": minimum,
        "maximum": int(read["maximum"] or minimum),
    }


def _ranges(days: Sequence[str]) -> Iterator[str]:
    """Yield days that follow each other as one."""
    begun: list[str] = []
    for day in (*days, ""):
        if begun and (not day or DAYS.index(day) != DAYS.index(begun[-1]) + 1):
            yield "-".join(each[:SHORT] for each in dict.fromkeys((begun[0], begun[-1])))
            begun = []
        begun.append(day)
