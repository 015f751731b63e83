"""The command `lisa models watch`: what is done with a model, told while it happens."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, ParamSpec, TypeVar

import typer

from cli.client import Lisa, lisa_of
from cli.errors import FAILED, printable
from cli.given import given
from cli.models.options import Elsewhere, Name, path_of
from cli.models.times import to_the_second
from cli.options import Home
from cli.output import note
from lisa.domain.errors import NotFound, Unavailable
from lisa.domain.lifecycle import ON_ITS_WAY, Phase
from lisa.domain.model import ModelStatus

WAIT_SECONDS: Final = 20  # of one call; less than a client's patience
PAUSE_SECONDS: Final = 1.0
PATIENCE_SECONDS: Final = 300.0
INTERRUPTED: Final = 130
GONE: Final = ""

Event = Mapping[str, Any]
Asked = TypeVar("Asked")
With = ParamSpec("With")
JsonLines = Annotated[bool, typer.Option("--json", help="Print each event as a line of JSON.")]


def watch(
    *,
    name: Name,
    after: Annotated[
        int, typer.Option(help="Only what follows this event's sequence.", min=0, metavar="N")
    ] = 0,
    home: Home = None,
    elsewhere: Elsewhere = "",
    as_json: JsonLines = False,
) -> None:
    """Tell a model's timeline: each step with its time, its cause and what helps.

    Ends when the model has arrived: with 0 if it is in service, stopped or deleted, with 1 if
    something failed. To end it earlier, or to lose the connection, changes nothing for the model.

    For example:
      lisa models watch llama
      lisa models watch llama --json --after 12
    """
    lisa = lisa_of(given(home=home, url=elsewhere))
    watch_until_arrived(lisa, name, after, tell_as_json if as_json else tell)


def watch_until_arrived(lisa: Lisa, name: str, after: int, told: Callable[[Event], None]) -> None:
    """Tell all events from there on; end with 1 where it fails, or when the person ends it."""
    try:
        went_well = follow(lisa, name, after, told)
    except KeyboardInterrupt:
        note(f"no longer watched; {name} goes on by itself")
        raise typer.Exit(INTERRUPTED) from None
    if not went_well:
        raise typer.Exit(FAILED)


def follow(lisa: Lisa, name: str, after: int, told: Callable[[Event], None]) -> bool:
    """Tell events until the model has arrived somewhere; return whether all went well."""
    last: Event = {}
    while True:
        # Read before the events, so none that led there is missed.
        status = patiently(_status, lisa, name)
        has_arrived = status not in {each.value for each in ON_ITS_WAY}
        page = patiently(_page, lisa, name, after, 0 if has_arrived else WAIT_SECONDS)
        for event in page["events"]:
            told(event)
            last = event
        after = page["next"]
        if has_arrived and not page["events"]:
            return _went_well(name, status, last)


def tell(event: Event) -> None:
    """Print an event as a line."""
    typer.echo(line(event))


def tell_as_json(event: Event) -> None:
    """Print an event for a program."""
    typer.echo(json.dumps(event))


def keep_quiet(event: Event) -> None:
    """Print nothing of an event."""
    del event


def line(event: Event) -> str:
    """Write an event in one line, in the time of this machine."""
    parts = [f"{event['step']} ({event['phase']})", event["words"]]
    parts += [f"cause: {event['cause']}"] if event["cause"] else []
    parts += [f"next step: {event['nextStep']}"] if event["nextStep"] else []
    text = "; ".join(filter(None, parts))
    return printable(
        f"{to_the_second(event['at'])}  {event['status']:<9}  {' '.join(text.split())}"
    )


def _went_well(name: str, status: str, last: Event) -> bool:
    if status == GONE and not last:
        raise NotFound(
            f"there is no model {name}",
            next_step="`lisa models list` shows the ids",
            code="model_not_found",
        )
    return status != ModelStatus.FAILED and last.get("phase") != Phase.FAILED


def _status(lisa: Lisa, name: str) -> str:
    try:
        return str(lisa.ask("GET", path_of(name))["model"]["status"])
    except NotFound:
        return GONE


def _page(lisa: Lisa, name: str, after: int, wait: int) -> Any:
    return lisa.ask("GET", path_of(name, "/events"), after=str(after), wait=str(wait))


def patiently(ask: Callable[With, Asked], *what: With.args, **more: With.kwargs) -> Asked:
    """Ask again where no answer came: LISA may be starting again, or the connection was lost."""
    until = time.monotonic() + PATIENCE_SECONDS
    is_told = False
    while True:
        try:
            return ask(*what, **more)
        except Unavailable as error:
            if time.monotonic() > until:
                raise
            if not is_told:
                note(f"{error.message}; asking again")
                is_told = True
            time.sleep(PAUSE_SECONDS)
