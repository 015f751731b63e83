"""The command `lisa rag search`: the passages that fit a question best."""

import textwrap
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Final

import typer

from cli.client import lisa_of
from cli.given import given
from cli.options import Home, Json, Url
from cli.output import WIDTH, answer
from cli.rag.facts import filter_in
from cli.rag.places import Ins, places_in

SHOWN: Final = 400
MARGIN: Final = "    "


class Mode(StrEnum):
    """By what passages are found."""

    HYBRID = "hybrid"
    DENSE = "dense"
    LEXICAL = "lexical"


def search(  # noqa: PLR0913 - one for each option
    *,
    question: Annotated[str, typer.Argument(help="What is asked.", metavar="QUESTION")],
    places: Ins = None,
    mode: Annotated[
        Mode, typer.Option(help="By meaning (dense), by words (lexical), or by both.")
    ] = Mode.HYBRID,
    rerank: Annotated[
        str, typer.Option(help="A model that orders what was found.", metavar="MODEL")
    ] = "",
    where: Annotated[
        str, typer.Option("--filter", help="A condition on facts, tags or names.", metavar="JSON")
    ] = "",
    limit: Annotated[int, typer.Option(help="How many passages.", min=1, max=50)] = 10,
    scores: Annotated[bool, typer.Option("--scores", help="How each fits, what it took.")] = False,
    home: Home = None,
    url: Url = "",
    as_json: Json = False,
) -> None:
    """Find the passages of collections that fit a question best.

    For example:
      lisa rag search "how do I reset my password" --in local.default
      lisa rag search "refunds" --mode lexical --scores
      lisa rag search "budget" --filter '{"type": "gte", "key": "year", "value": 2024}'
    """
    asked: dict[str, object] = {"query": question, "collections": places_in(places)}
    asked |= {"mode": mode.value, "limit": limit, "rerank": rerank}
    if condition := filter_in(where):
        asked["filters"] = condition
    found = lisa_of(given(home=home, url=url)).ask("POST", "/search", asked)
    lines = [
        line
        for number, hit in enumerate(found["hits"], start=1)
        for line in _lines(number, hit, scores=scores)
    ]
    if scores:
        steps = (f"{name} {1000 * seconds:.0f} ms" for name, seconds in found["timings"].items())
        lines.append(", ".join(steps))
    answer(found, "\n".join(lines or ["nothing fits"]), as_json=as_json)


def _lines(number: int, hit: Mapping[str, Any], *, scores: bool) -> list[str]:
    page = f", page {hit['page']}" if hit["page"] else ""
    headings = f": {' > '.join(hit['headings'])}" if hit["headings"] else ""
    text = textwrap.shorten(hit["text"], SHOWN, placeholder=" …")
    lines = [f"{number:>2}. {hit['name']}{page}{headings}"]
    if scores:
        each = (f"{name} {value:.4g}" for name, value in hit["scores"].items())
        lines.append(f"{MARGIN}[{', '.join(each)}]")
    return [*lines, textwrap.fill(text, WIDTH, initial_indent=MARGIN, subsequent_indent=MARGIN)]
