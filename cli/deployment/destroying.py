"""The command `lisa destroy`: what goes and what stays, then its end, then what is left."""

import sys
import tempfile
from pathlib import Path
from typing import Final

import typer

from cli.deployment.options import Sets
from cli.deployment.target import (
    Assembled,
    DataMayGo,
    File,
    PlanOnly,
    Target,
    Yes,
    target_of,
)
from cli.errors import FAILED
from cli.options import Json
from cli.output import answer, note
from deployment.plan.deployed import Stacks
from deployment.takedown.clearing import Clearing
from deployment.takedown.departure import Departure, departure_of
from deployment.takedown.leftovers import Leftovers
from deployment.takedown.running_stacks import RunningStacks
from deployment.takedown.telling import (
    departure_document,
    departure_words,
    leftover_document,
    leftover_words,
)
from lisa.domain.errors import Conflict, Invalid

INTERRUPTED: Final = 130


def destroy(
    *,
    file: File = None,
    options: Sets = None,
    app: Assembled = None,
    yes: Yes = False,
    plan_only: PlanOnly = False,
    data_may_go: DataMayGo = False,
    as_json: Json = False,
) -> None:
    """Remove a LISA from an account of AWS, with the models and stores that it made.

    Tables, buckets and people stay where the configuration says data: retain, its default. Ends
    with 1 if something is left that shouldn't be, and always lists what is left.

    For example:
      lisa destroy my.yaml
      lisa destroy my.yaml --plan-only
      lisa destroy my.yaml --yes --json
    """
    target = target_of(file, options)
    where = target.where()
    departure = departure_of(Stacks(target.account, target.name))
    text = "\n".join([f"{target.name} in {where}", *departure_words(target.config, departure)])
    about = {"deployment": target.name, "where": where, **departure_document(departure)}
    if plan_only:
        _tell_what_is_there(target, departure, text, about, as_json=as_json)
        return
    note(text)
    if not departure.is_empty:
        _make_sure(target, departure, yes=yes, data_may_go=data_may_go)
        _remove(target, departure, app)
    _tell_what_is_left(target, departure, about, as_json=as_json)


def _make_sure(target: Target, departure: Departure, *, yes: bool, data_may_go: bool) -> None:
    if yes and departure.stores and not data_may_go and target.config.data == "retain":
        raise Conflict(
            f"all that is in the stores {', '.join(departure.stores)} would go",
            next_step="give --allow-data-loss: documents stay, and can fill a new store",
            code="data_loss",
        )
    if yes:
        return
    if not sys.stdin.isatty():
        raise Invalid("there is no terminal to ask on", next_step="give --yes", code="not_asked")
    if typer.prompt(f"Type {target.name} to remove it", err=True) != target.name:
        raise typer.Abort


def _remove(target: Target, departure: Departure, app: Path | None) -> None:
    try:
        with tempfile.TemporaryDirectory(prefix="lisa-") as folder:
            assembly = app or Path(folder, "cdk.out")
            if app is None:
                note("synthesising ...")
                target.toolkit.synthesise(target.file, target.options, assembly)
            RunningStacks(target.account, note).remove(departure.running)
            Clearing(target.account, note).clear(departure)
            if target.toolkit.destroy(assembly):
                note("some stacks could not be removed (see above); what is left follows")
    except KeyboardInterrupt:
        note(
            "no longer watched; AWS removes the stacks it has begun with\n"
            f"how it goes: {target.how_to_watch()}\n"
            "the same command again goes on where it ended"
        )
        raise typer.Exit(INTERRUPTED) from None


def _tell_what_is_there(
    target: Target, departure: Departure, text: str, about: dict[str, object], *, as_json: bool
) -> None:
    found, unseen = Leftovers(target.account, target.config).find(departure)
    known = {each.name for each in (*departure.running, *departure.stacks)}
    known |= {each.name for each in departure.resources}
    left = [each for each in found if each.name not in known]
    document = {**about, **leftover_document(left, unseen)}
    lines = [text, "", "besides, by their names:", *leftover_words(left, unseen)]
    answer(document, "\n".join(lines), as_json=as_json)


def _tell_what_is_left(
    target: Target, departure: Departure, about: dict[str, object], *, as_json: bool
) -> None:
    found, unseen = Leftovers(target.account, target.config).find(departure)
    lines = leftover_words(found, unseen)
    document = {**about, **leftover_document(found, unseen)}
    answer(document, "\n".join(lines), as_json=as_json)
    if unseen or not all(each.expected for each in found):
        raise typer.Exit(FAILED)
