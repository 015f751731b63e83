"""The commands `lisa rag stores`, `create` and `delete`: repositories, and what keeps them."""

import time
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

import typer

from cli.client import Lisa, lisa_of
from cli.given import given
from cli.options import Home, Json, Url
from cli.output import answer, table
from cli.rag.places import plain
from lisa.domain.errors import Conflict, Invalid, NotFound

STORES: Final = ("KIND", "SERVERLESS", "MADE", "OPTION", "USUAL", "CHOICES")
ON_ITS_WAY: Final = ("CREATE_IN_PROGRESS", "DELETE_IN_PROGRESS")
LOOK_SECONDS: Final = 1.0

Name = Annotated[str, typer.Argument(help="The repository's id.", metavar="ID")]
Kind = Annotated[str, typer.Option(help="Of its store: pgvector or opensearch.", metavar="KIND")]
Serverless = Annotated[bool, typer.Option("--serverless", help="One that grows by itself.")]
Own = Annotated[bool, typer.Option("--own", help="Have a store made for it alone.")]
Options = Annotated[
    list[str] | None,
    typer.Option("--option", help="Of its own store, as `lisa rag stores` says.", metavar="N=V"),
]
Embedder = Annotated[
    str, typer.Option(help="An embedding model for its default collection.", metavar="MODEL")
]
Wait = Annotated[bool, typer.Option("--wait", help="Until it is done; ends with 1 if it fails.")]


def stores(*, home: Home = None, url: Url = "", as_json: Json = False) -> None:
    """List the stores that a new repository can have.

    For example:
      lisa rag stores
    """
    found = lisa_of(given(home=home, url=url)).ask("GET", "/repositories/store-kinds")
    rows = [row for kind in found["kinds"] for row in _rows(kind)]
    answer(found, table(STORES, rows), as_json=as_json)


def create(  # noqa: PLR0913 - one for each option
    *,
    repository: Name,
    kind: Kind = "pgvector",
    serverless: Serverless = False,
    own: Own = False,
    options: Options = None,
    embedder: Embedder = "",
    wait_for_it: Wait = False,
    home: Home = None,
    url: Url = "",
    as_json: Json = False,
) -> None:
    """Make a repository in the deployment's store, or with one of its own.

    For example:
      lisa rag create papers --own --embedder MODEL --wait
      lisa rag create papers --own --kind opensearch --option nodes=2 --option storage_gb=100
    """
    lisa = lisa_of(given(home=home, url=url))
    chosen = {"kind": kind, "serverless": serverless, "own": own, "options": _chosen(options or ())}
    wanted = {"repositoryId": repository, "name": repository, "store": chosen}
    made = lisa.ask("POST", "/repositories", wanted | {"embeddingModel": embedder})
    if wait_for_it:
        made = _over(lisa, repository) or made
    answer(made, f"{repository}: {made['status']}", as_json=as_json)


def delete(
    *,
    repository: Name,
    wait_for_it: Wait = False,
    home: Home = None,
    url: Url = "",
    as_json: Json = False,
) -> None:
    """Delete a repository with all that is in it, and its store if that is its own.

    For example:
      lisa rag delete papers --wait
    """
    lisa = lisa_of(given(home=home, url=url))
    going = lisa.ask("DELETE", f"/repositories/{plain(repository)}")
    if wait_for_it:
        _over(lisa, repository)
        answer(going, f"nothing is left of {repository}", as_json=as_json)
    else:
        answer(going, f"{repository}: {going['status']}", as_json=as_json)


def _over(lisa: Lisa, repository: str) -> Mapping[str, Any] | None:
    """Wait until it is on its way no more; return it, or nothing if it is gone."""
    while True:
        try:
            found: Mapping[str, Any] = lisa.ask("GET", f"/repositories/{plain(repository)}")
        except NotFound:
            return None
        if found["status"] not in ON_ITS_WAY:
            break
        time.sleep(LOOK_SECONDS)
    if str(found["status"]).endswith("FAILED"):
        raise Conflict(f"{found['status']}: {found['reason']}", next_step=found["nextStep"])
    return found


def _chosen(options: Sequence[str]) -> dict[str, object]:
    return dict(map(_option, options))


def _option(text: str) -> tuple[str, object]:
    name, found, value = text.partition("=")
    if not found:
        raise Invalid(f"{text!r} is no option", next_step="write it as NAME=VALUE")
    if value in {"true", "false"}:
        return name, value == "true"
    for read in (int, float):
        try:
            return name, read(value)
        except ValueError:
            continue
    return name, value


def _rows(kind: Mapping[str, Any]) -> list[tuple[str, ...]]:
    first = (kind["kind"], _yes(kind["serverless"]), _yes(kind["made"]))
    rows = [
        (name, str(option["default"]), _choices(option)) for name, option in kind["options"].items()
    ] or [("", "", "")]
    return [(*(first if not number else ("", "", "")), *row) for number, row in enumerate(rows)]


def _choices(option: Mapping[str, Any]) -> str:
    if option["choices"]:
        return ", ".join(map(str, option["choices"]))
    return "true, false" if option["min"] is None else f"{option['min']} to {option['max']}"


def _yes(value: object) -> str:
    return "yes" if value else "no"
