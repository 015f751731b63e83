"""The commands `lisa models remove` and `delete`: a model with all that there is of it."""

import sys
from typing import Annotated, Any

import typer

from cli.client import Lisa, lisa_of
from cli.given import given
from cli.models.options import Elsewhere, Name, Wait, path_of
from cli.models.timeline import keep_quiet, tell, watch_until_arrived
from cli.models.writing import write
from cli.options import Home, Json
from cli.output import answer, note
from lisa.domain.errors import Conflict, Invalid

HOSTED = "lisa_hosted"


def remove(
    *, name: Name, home: Home = None, elsewhere: Elsewhere = "", as_json: Json = False
) -> None:
    """Remove a model that runs elsewhere, and the key that LISA kept for it.

    For example:
      lisa models remove llama
    """
    lisa = lisa_of(given(home=home, url=elsewhere))
    if _model(lisa, name)["hostingType"] == HOSTED:
        raise Conflict(
            f"{name} is run by this LISA, and more than its entry would go",
            next_step=f"`lisa models delete {name}` tells what, and asks",
            code="hosted",
        )
    write(lisa, "DELETE", path_of(name))
    answer({"removed": name}, f"removed {name}", as_json=as_json)


def delete(
    *,
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
    wait: Wait = False,
    home: Home = None,
    elsewhere: Elsewhere = "",
    as_json: Json = False,
) -> None:
    """Delete a model with everything that runs of it, after saying what that is.

    Its weights stay where they lie.

    For example:
      lisa models delete llama
      lisa models delete llama --yes --wait
    """
    lisa = lisa_of(given(home=home, url=elsewhere))
    model = _model(lisa, name)
    is_hosted = model["hostingType"] == HOSTED
    if not yes:
        _ask(name, _things(lisa, name) if is_hosted else ["the key that LISA keeps for it"])
    deleting = write(lisa, "DELETE", path_of(name))["model"]
    if is_hosted and wait:
        watch_until_arrived(lisa, name, deleting["version"] - 1, keep_quiet if as_json else tell)
    if is_hosted and not wait:
        return answer(deleting, f"{name} is {deleting['status']}", as_json=as_json)
    return answer({"removed": name}, f"removed {name}", as_json=as_json)


def _ask(name: str, things: list[str]) -> None:
    if not sys.stdin.isatty():
        raise Invalid("there is no terminal to ask on", next_step="give --yes", code="not_asked")
    note("\n".join([f"With {name} goes:", *(f"  {each}" for each in things)]))
    typer.confirm("Delete it?", abort=True, err=True)


def _things(lisa: Lisa, name: str) -> list[str]:
    found: list[str] = lisa.ask("GET", path_of(name, "/removal"))["things"]
    return [*found, "its schedule"] if found else ["nothing that runs"]


def _model(lisa: Lisa, name: str) -> Any:
    return lisa.ask("GET", path_of(name))["model"]
