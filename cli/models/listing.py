"""The commands `lisa models list` and `show`: what there is to call, and where it answers."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from cli.client import Lisa, lisa_of
from cli.given import given
from cli.models.options import Elsewhere, Name, path_of
from cli.models.planning import plan_rows
from cli.options import Home, Json
from cli.output import answer, pairs, table

HEADINGS: Final = ("ID", "TYPE", "STATUS", "GROUPS", "ANSWERS AT")
SHOWN: Final = ("status", "modelType", "modelDescription", "contextWindow", "maxTokens", "version")
REPLICAS: Final = ("minimum", "maximum", "desired")


def list_all(*, home: Home = None, elsewhere: Elsewhere = "", as_json: Json = False) -> None:
    """List the models you may use, and for administrators where they answer.

    For example:
      lisa models list
      lisa models list --json
    """
    models = list(every_model(lisa_of(given(home=home, url=elsewhere))))
    rows = [
        (each["modelId"], each["modelType"], each["status"], _groups(each), _places(each))
        for each in models
    ]
    answer({"models": models}, table(HEADINGS, rows), as_json=as_json)


def show(
    *, name: Name, home: Home = None, elsewhere: Elsewhere = "", as_json: Json = False
) -> None:
    """Show one model.

    For example:
      lisa models show llama
    """
    model = lisa_of(given(home=home, url=elsewhere)).ask("GET", path_of(name))["model"]
    rows = [("id", model["modelId"])]
    rows += [(each, "-" if model[each] in {None, ""} else model[each]) for each in SHOWN]
    rows += [("groups", _groups(model)), ("fallbacks", ", ".join(model["fallbacks"]) or "-")]
    rows += [(each, model[each]) for each in ("reason", "nextStep") if model.get(each)]
    rows += _hosting_rows(model.get("hosting"))
    rows += [(f"upstream {each['id']}", _place(each)) for each in model["upstreams"]]
    answer(model, pairs(rows), as_json=as_json)


def every_model(lisa: Lisa) -> Iterator[Mapping[str, Any]]:
    """Return the models of all pages."""
    cursor = ""
    while True:
        page = lisa.ask("GET", "/models", limit="100", cursor=cursor)
        yield from page["models"]
        cursor = page["nextCursor"]
        if not cursor:
            return


def _hosting_rows(hosting: Mapping[str, Any] | None) -> list[tuple[str, Any]]:
    if not hosting:
        return []
    idle = hosting["idleSeconds"]
    options = " ".join(f"{name}={value}" for name, value in hosting["options"].items())
    replicas = ", ".join(f"{each} {hosting['scaling'][each]}" for each in REPLICAS)
    return [
        ("engine", f"{hosting['engine']}, run by {hosting['kind']}"),
        ("weights", hosting["weights"]["source"]),
        ("options", options or "-"),
        ("replicas", replicas),
        *plan_rows(hosting["scaling"]),
        ("stopped idle", f"after {idle} s" if idle else "never"),
    ]


def _groups(model: Mapping[str, Any]) -> str:
    return ", ".join(model["allowedGroups"]) or "everybody"


def _places(model: Mapping[str, Any]) -> str:
    hosting = model.get("hosting")
    if hosting:
        return f"{hosting['engine']} {hosting['weights']['source']}"
    return ", ".join(map(_place, model["upstreams"])) or "-"


def _place(upstream: Mapping[str, Any]) -> str:
    return " ".join(filter(None, (upstream["target"], upstream["url"])))
