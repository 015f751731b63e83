"""The commands `lisa rag remove` and `lisa rag retry`: documents that are there already."""

from typing import Annotated

import typer

from cli.client import lisa_of
from cli.given import given
from cli.options import Home, Json, Url
from cli.output import answer
from cli.rag.adding import report
from cli.rag.places import HERE_BY_DEFAULT, Of, place_in
from cli.rag.waiting import wait

Wait = Annotated[bool, typer.Option("--wait", help="Until it is done; ends with 1 if one fails.")]


def remove(
    *,
    ids: Annotated[list[str], typer.Argument(help="Documents, by their ids.", metavar="ID...")],
    of: Of = HERE_BY_DEFAULT,
    wait_for_it: Wait = False,
    home: Home = None,
    url: Url = "",
    as_json: Json = False,
) -> None:
    """Remove documents from a collection, with all that can be found of them.

    For example:
      lisa rag remove file_0123456789abcdef0123456789abcdef --in local.default
    """
    place = place_in(of)
    lisa = lisa_of(given(home=home, url=url))
    begun = lisa.ask("POST", f"{place.path}/documents/removal", {"documentIds": ids})
    if wait_for_it:
        report(wait(lisa, place, [begun["job"]], set(ids)), as_json=as_json)
    else:
        answer(begun, f"{begun['job']['total']} documents are being removed", as_json=as_json)


def retry(
    *,
    ids: Annotated[
        list[str] | None,
        typer.Argument(help="Documents, else all that failed.", metavar="[ID...]"),
    ] = None,
    of: Of = HERE_BY_DEFAULT,
    wait_for_it: Wait = False,
    home: Home = None,
    url: Url = "",
    as_json: Json = False,
) -> None:
    """Try documents again that failed.

    For example:
      lisa rag retry --in local.default --wait
    """
    place = place_in(of)
    lisa = lisa_of(given(home=home, url=url))
    wanted = {"documentIds": ids} if ids else {}
    begun = lisa.ask("POST", f"{place.path}/documents/retry", wanted)
    if wait_for_it:
        report(wait(lisa, place, [begun["job"]], set(ids or ())), as_json=as_json)
    else:
        answer(begun, f"{begun['job']['total']} documents are tried again", as_json=as_json)
