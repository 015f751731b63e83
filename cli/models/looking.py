"""The commands `lisa models replicas` and `logs`: what runs of a model, and what it says."""

import time
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final
from urllib.parse import quote

import typer

from cli.client import Lisa, lisa_of
from cli.errors import printable
from cli.given import given
from cli.models.options import Elsewhere, Name, path_of
from cli.models.timeline import patiently
from cli.models.times import to_the_minute
from cli.options import Home, Json
from cli.output import answer, note, pairs, table
from lisa.domain.errors import Conflict, Invalid

HEADINGS: Final = ("ID", "WELL", "SINCE", "ADDRESS", "ERROR")
LINES: Final = 200
MOST_LINES: Final = 1000
LOOK_EVERY_SECONDS: Final = 2.0

Replica = Annotated[
    str, typer.Argument(help="As `replicas` shows it; else the only one.", metavar="[REPLICA]")
]


def replicas(
    *, name: Name, home: Home = None, elsewhere: Elsewhere = "", as_json: Json = False
) -> None:
    """Show what runs of a model, when it was called last, and how its replicas are.

    For example:
      lisa models replicas llama
    """
    told = lisa_of(given(home=home, url=elsewhere)).ask("GET", path_of(name, "/replicas"))
    rows = [
        (
            each["id"],
            "yes" if each["healthy"] else "no",
            to_the_minute(each["since"]),
            each["address"] or "-",
            each["error"] or "-",
        )
        for each in told["replicas"]
    ]
    text = "\n".join([pairs(_about(told)), *([table(HEADINGS, rows)] if rows else [])])
    answer(told, text, as_json=as_json)


def logs(
    *,
    name: Name,
    replica: Replica = "",
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on with what it says from now on.")
    ] = False,
    last: Annotated[
        int, typer.Option("--lines", "-n", min=1, max=MOST_LINES, help="How many of the last.")
    ] = LINES,
    everything: Annotated[
        bool, typer.Option("--all", help="Every line that is kept, from the oldest on.")
    ] = False,
    home: Home = None,
    elsewhere: Elsewhere = "",
) -> None:
    """Print what a replica's engine said last; logs of replicas that are gone are kept for a while.

    For example:
      lisa models logs llama
      lisa models logs llama replica-2 --lines 20 --follow
    """
    lisa = lisa_of(given(home=home, url=elsewhere))
    chosen = replica or _only_one(lisa, name)
    path = path_of(name, f"/replicas/{quote(chosen, safe='')}/logs")
    first = {"limit": str(LINES)} if everything else {"limit": str(last), "backward": "true"}
    try:
        for line in _lines(lisa, path, first, everything=everything, follow=follow):
            typer.echo(printable(line))
    except KeyboardInterrupt:
        note("no longer followed")


def _lines(
    lisa: Lisa, path: str, first: Mapping[str, str], *, everything: bool, follow: bool
) -> Iterator[str]:
    page = patiently(lisa.ask, "GET", path, **first)
    yield from page["lines"]
    cursor = page["nextCursor"]
    while cursor and (everything or follow):
        page = patiently(lisa.ask, "GET", path, limit=str(LINES), cursor=cursor)
        yield from page["lines"]
        is_at_end = not page["lines"] or page["nextCursor"] in {"", cursor}
        if is_at_end and not follow:
            return
        cursor = page["nextCursor"]
        if is_at_end:
            time.sleep(LOOK_EVERY_SECONDS)


def _only_one(lisa: Lisa, name: str) -> str:
    told = lisa.ask("GET", path_of(name, "/replicas"))
    ids = [str(each["id"]) for each in told["replicas"]]
    if not ids:
        raise Conflict(
            f"no replica of {name} runs: {told['words'] or told['state']}",
            next_step="name one that is gone, as the model's timeline does",
            code="no_replica",
        )
    if len(ids) > 1:
        raise Invalid(
            f"{name} has {len(ids)} replicas",
            next_step=f"name one of {', '.join(ids)}",
            code="which",
        )
    return ids[0]


def _about(told: Any) -> list[tuple[str, object]]:
    rows = [("state", f"{told['state']}: {told['words']}" if told["words"] else told["state"])]
    rows += [(label, told[key]) for label, key in (("cause", "cause"), ("next step", "nextStep"))]
    counts = f"{told['minimum']} to {told['maximum']}, {told['desired']} wanted"
    rows += [
        ("looked at", to_the_minute(told["told"])),
        ("replicas", counts),
        ("last used", to_the_minute(told["lastUsed"])),
        ("calls under way", told["underWay"]),
        ("stopped idle", f"after {told['idleSeconds']} s" if told["idleSeconds"] else "never"),
    ]
    return [(label, value) for label, value in rows if value not in {"", None}]
