"""The commands `lisa models engines` and `catalogue`: what LISA can run, and with what."""

from collections.abc import Iterator, Mapping
from textwrap import fill
from typing import Annotated, Any, Final

import typer

from cli.client import Lisa, lisa_of
from cli.given import given
from cli.models.asked import kinds_of
from cli.models.options import Elsewhere
from cli.options import Home, Json
from cli.output import WIDTH, answer, table
from lisa.domain.errors import NotFound

ENGINE_HEADINGS: Final = ("NAME", "TITLE", "CAN")
MODEL_HEADINGS: Final = ("ID", "TYPE", "ENGINE", "TOKENS", "MACHINE")
ENGINES: Final = "/models/metadata/engines"
CATALOGUE: Final = "/models/metadata/catalogue"

EngineToTell = Annotated[
    str, typer.Argument(help="Tell all of this one.", metavar="[NAME]", show_default=False)
]


def engines(
    *,
    name: EngineToTell = "",
    home: Home = None,
    elsewhere: Elsewhere = "",
    as_json: Json = False,
) -> None:
    """List the engines that run models, or tell every option of one.

    For example:
      lisa models engines
      lisa models engines vllm
    """
    told = engines_of(lisa_of(given(home=home, url=elsewhere)))
    if name:
        engine = engine_named(told, name)
        return answer(engine, "\n".join(_engine_lines(engine)), as_json=as_json)
    rows = [
        (each["name"], each["title"], ", ".join(each["capabilities"])) for each in told["engines"]
    ]
    hosts = ", ".join(told["hosts"]) or "nothing: this LISA only calls models that run elsewhere"
    return answer(told, f"{table(ENGINE_HEADINGS, rows)}\nrun by: {hosts}", as_json=as_json)


def catalogue(*, home: Home = None, elsewhere: Elsewhere = "", as_json: Json = False) -> None:
    """List models that are known to go with an engine; any other works as well.

    For example:
      lisa models catalogue
      lisa models create qwen --from-catalogue Qwen/Qwen3-8B
    """
    told = lisa_of(given(home=home, url=elsewhere)).ask("GET", CATALOGUE)
    rows = [
        (
            each["id"],
            each["type"],
            each["engine"],
            _number(each["context"]),
            each["instanceType"],
        )
        for each in told["models"]
    ]
    answer(told, table(MODEL_HEADINGS, rows), as_json=as_json)


def engines_of(lisa: Lisa) -> Any:
    """Return the engines that a LISA has, and who runs them there."""
    return lisa.ask("GET", ENGINES)


def engine_named(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return an engine from the answer of the API."""
    return _named(told["engines"], ("name",), name, "lisa models engines")


def catalogued(lisa: Lisa, name: str) -> Mapping[str, Any]:
    """Return an entry of the catalogue, by its id or by what people call it."""
    models = lisa.ask("GET", CATALOGUE)["models"]
    return _named(models, ("id", "name"), name, "lisa models catalogue")


def _named(
    items: list[dict[str, Any]], keys: tuple[str, ...], name: str, listing: str
) -> Mapping[str, Any]:
    wanted = name.casefold()
    for each in items:
        if wanted in {str(each[key]).casefold() for key in keys}:
            return each
    raise NotFound(f"there is no {name}", next_step=f"`{listing}` shows the names", code="no_name")


def _engine_lines(engine: Mapping[str, Any]) -> Iterator[str]:
    yield f"{engine['name']}: {engine['title']}"
    yield "options, each given as --option NAME=VALUE:"
    for name, told in engine["options"].get("properties", {}).items():
        yield f"  {name} ({_values(told)})"
        yield _indented(told.get("description", ""))
    if engine["refused"]:
        yield "not taken:"
    for each in engine["refused"]:
        yield f"  {each['name']}"
        yield _indented(each["reason"])


def _values(told: Mapping[str, Any]) -> str:
    """Write what a value may be: one of some words, or its kind."""
    choices = [value for each in told.get("anyOf", [told]) for value in each.get("enum", [])]
    return ", ".join(map(str, choices)) or ", ".join(kinds_of(told))


def _indented(text: str) -> str:
    return fill(text, WIDTH, initial_indent="    ", subsequent_indent="    ")


def _number(fact: Mapping[str, Any] | None) -> str:
    return str(fact["value"]) if fact and fact["value"] is not None else "-"
