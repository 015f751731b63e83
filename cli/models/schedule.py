"""The command `lisa models schedule`: when a model runs by itself."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any, Final

import typer

from cli.client import lisa_of
from cli.given import given
from cli.models.options import Elsewhere, Name, path_of
from cli.models.times import to_the_minute
from cli.models.writing import write
from cli.options import Home, Json
from cli.output import answer, pairs
from lisa.domain.errors import Invalid
from lisa.domain.schedules import DAYS

HOURS: Final = re.compile(r"([0-9]{2}:[0-9]{2})-([0-9]{2}:[0-9]{2})")
ABBREVIATED: Final = 3


EveryDay = Annotated[
    str, typer.Option("--every-day", help="The same hours each day.", metavar="HH:MM-HH:MM")
]
Days = Annotated[
    list[str] | None,
    typer.Option(
        help="Hours of a day, mon to sun, or of days like mon-fri; can be repeated.",
        metavar="DAY=HH:MM-HH:MM",
    ),
]
Zone = Annotated[str, typer.Option("--timezone", help="Like Europe/Berlin.", metavar="ZONE")]


class Action(StrEnum):
    """What is done with a schedule."""

    SHOW = "show"
    SET = "set"
    CLEAR = "clear"


def schedule(  # noqa: PLR0913 - one for each option
    *,
    name: Name,
    action: Annotated[Action, typer.Argument(help="What to do.")] = Action.SHOW,
    every_day: EveryDay = "",
    day: Days = None,
    zone: Zone = "UTC",
    home: Home = None,
    elsewhere: Elsewhere = "",
    as_json: Json = False,
) -> None:
    """Show, set or clear when a model is started and stopped by itself.

    A stop that isn't later than its start is the next day's; it is at least two hours later. A
    model is brought at once to what a new schedule says now.

    For example:
      lisa models schedule llama
      lisa models schedule llama set --every-day 08:00-18:00 --timezone Europe/Berlin
      lisa models schedule llama set --day mon-fri=08:00-18:00 --day sat=22:00-02:00
      lisa models schedule llama clear
    """
    path = path_of(name, "/schedule")
    new = wanted(every_day, day or [], zone) if action is Action.SET else None
    lisa = lisa_of(given(home=home, url=elsewhere))
    if action is Action.CLEAR:
        cleared = write(lisa, "DELETE", path)
        return answer(cleared, f"{name} has no schedule any more", as_json=as_json)
    if new:
        write(lisa, "PUT", path, new)
    told = lisa.ask("GET", path)
    return answer(told, pairs(_rows(told)), as_json=as_json)


def wanted(every_day: str, days: Sequence[str], zone: str) -> dict[str, Any]:
    """Return the schedule as the API takes it."""
    if bool(every_day) == bool(days):
        raise Invalid(
            "it is not said when it shall run", next_step="give --every-day or --day", code="when"
        )
    if every_day:
        recurring = {"scheduleType": "RECURRING", "recurringSchedule": _hours(every_day)}
        return {**recurring, "timezone": zone}
    week: dict[str, Any] = {}
    for each in days:
        names, _, hours = each.partition("=")
        week |= dict.fromkeys(days_in(names), _hours(hours))
    return {"scheduleType": "DAILY", "dailySchedule": week, "timezone": zone}


def _hours(text: str) -> dict[str, str]:
    found = HOURS.fullmatch(text)
    if not found:
        raise Invalid(
            f"{text!r} are no hours", next_step="write them like 08:00-18:00", code="hours"
        )
    return {"startTime": found[1], "stopTime": found[2]}


def days_in(text: str) -> list[str]:
    """Return the days of a name like `mon`, or from one to another."""
    first, _, last = text.partition("-")
    at, to = _day(first), _day(last or first)
    if to < at:
        raise Invalid(f"{text} ends before it begins", next_step="give it as two", code="days")
    return list(DAYS[at : to + 1])


def _day(text: str) -> int:
    for number, name in enumerate(DAYS):
        if len(text) >= ABBREVIATED and name.startswith(text.lower()):
            return number
    raise Invalid(f"{text!r} is no day", next_step="write it like mon or monday", code="day")


def _rows(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    config = told["scheduling"]
    if not config:
        return [("schedule", "none")]
    days = config.get("dailySchedule") or {"every day": config.get("recurringSchedule")}
    rows = [
        (name, f"{hours['startTime']}-{hours['stopTime']}") for name, hours in days.items() if hours
    ]
    following = told["nextScheduledAction"]
    after = _act(following) if following else "-"
    return [("timezone", config["timezone"]), *rows, ("next", after)]


def _act(planned: Mapping[str, Any]) -> str:
    return (
        f"{planned['action'].lower()} at {to_the_minute(planned['scheduledTime'])}, by this clock"
    )
