"""The command `lisa models scale`: how many replicas a model has, and when."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from cli.client import Lisa, lisa_of
from cli.given import given
from cli.models.options import Desired, Elsewhere, Maximum, Minimum, Name, Wait, path_of
from cli.models.planning import plan_rows, planned_in
from cli.models.running import begun
from cli.models.writing import write
from cli.options import Home, Json
from cli.output import answer, pairs
from lisa.domain.errors import Invalid

Plan = Annotated[
    list[str] | None,
    typer.Option(
        help="Fewest and most replicas from then on; can be repeated, all take the place of "
        "what was planned.",
        metavar="'HH:MM [DAYS] [ZONE] MIN-MAX'",
    ),
]
NoPlan = Annotated[bool, typer.Option("--no-plan", help="Plan nothing any more.")]


def scale(  # noqa: PLR0913 - one for each option
    *,
    name: Name,
    minimum: Minimum = None,
    maximum: Maximum = None,
    desired: Desired = None,
    plan: Plan = None,
    no_plan: NoPlan = False,
    wait: Wait = False,
    home: Home = None,
    elsewhere: Elsewhere = "",
    as_json: Json = False,
) -> None:
    """Show or change how many replicas a model has; what isn't given stays.

    What is planned for a moment is in force from then until the next one that is planned, in
    place of --min and --max. A plan starts and stops no model: see `lisa models schedule`.

    For example:
      lisa models scale llama
      lisa models scale llama --min 1 --max 4 --desired 2 --wait
      lisa models scale llama --plan "08:00 mon-fri Europe/Berlin 2-6"
      lisa models scale llama --plan "08:00 UTC 2-6" --plan "20:00 UTC 1"
      lisa models scale llama --no-plan
    """
    sizes = {"minCapacity": minimum, "maxCapacity": maximum, "desiredCapacity": desired}
    given_ones = {key: value for key, value in sizes.items() if value is not None}
    body = {"autoScalingInstanceConfig": given_ones} if given_ones else {}
    planned = _planned(plan or (), no_plan=no_plan)
    lisa = lisa_of(given(home=home, url=elsewhere))
    if planned is not None:
        body |= _with_plan(lisa, name, planned)
    if not body:
        return _show(lisa, name, as_json=as_json)
    changed = write(lisa, "PUT", path_of(name), body)["model"]
    return begun(lisa, changed, wait=wait, as_json=as_json)


def _planned(plan: Sequence[str], *, no_plan: bool) -> list[dict[str, Any]] | None:
    if plan and no_plan:
        raise Invalid("--plan and --no-plan can't be given together", next_step="give one of them")
    return planned_in(plan) if plan or no_plan else None


def _with_plan(lisa: Lisa, name: str, planned: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the change that puts a plan into a model's scaling, as that is now."""
    model = lisa.ask("GET", path_of(name))["model"]
    scaling = {**_scaling(model), "planned": planned}
    return {"hosting": {"scaling": scaling}, "version": model["version"]}


def _scaling(model: Mapping[str, Any]) -> dict[str, Any]:
    if not model["hosting"]:
        raise Invalid(
            f"{model['modelId']} isn't run by this LISA, or isn't yours to change",
            next_step=f"`lisa models show {model['modelId']}` tells where it answers",
            code="not_hosted",
        )
    scaling: dict[str, Any] = model["hosting"]["scaling"]
    return scaling


def _show(lisa: Lisa, name: str, *, as_json: bool) -> None:
    scaling = _scaling(lisa.ask("GET", path_of(name))["model"])
    told = lisa.ask("GET", path_of(name, "/replicas"))
    now = {each: told[each] for each in ("minimum", "maximum", "desired")}
    rows = [("set", _bounds(scaling)), *plan_rows(scaling), ("now", _bounds(now))]
    answer({**scaling, "now": now}, pairs(rows), as_json=as_json)


def _bounds(told: Mapping[str, Any]) -> str:
    return f"{told['minimum']} to {told['maximum']} replicas, {told['desired']} wanted"
