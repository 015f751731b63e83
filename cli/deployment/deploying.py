"""The command `lisa deploy`: a plan to read first, then the deployment, then how to begin."""

import json
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import typer

from cli.deployment.first_steps import first_steps
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
from deployment.plan.assembly import Assembly, read_assembly
from deployment.plan.deployed import Stacks
from deployment.plan.failing import failures
from deployment.plan.planning import Plan, plan
from deployment.plan.resource_rules import read_rules
from deployment.plan.telling import document_of, words_of
from lisa.domain.errors import Conflict, Invalid

INTERRUPTED: Final = 130
CLOCKS_DIFFER: Final = timedelta(minutes=1)


def deploy(
    *,
    file: File = None,
    options: Sets = None,
    app: Assembled = None,
    yes: Yes = False,
    plan_only: PlanOnly = False,
    data_may_go: DataMayGo = False,
    as_json: Json = False,
) -> None:
    """Deploy LISA into an account of AWS, after showing what that changes and costs.

    With --plan-only it ends with 0, whether anything would change or not.

    For example:
      lisa deploy my.yaml
      lisa deploy my.yaml -c stage=test --plan-only
      lisa deploy my.yaml --yes --json
    """
    target = target_of(file, options)
    where = target.where()
    with ExitStack() as until_done:
        folder = Path(until_done.enter_context(tempfile.TemporaryDirectory(prefix="lisa-")))
        assembly = _assembly(target, app, folder / "cdk.out")
        wanted = plan(
            assembly,
            Stacks(target.account, target.name),
            read_rules(target.toolkit.checkout),
        )
        _show(target, wanted, where, only=plan_only, as_json=as_json)
        if plan_only:
            return
        if not yes:
            _ask(target, wanted, sure=data_may_go)
        elif wanted.dangers and not data_may_go:
            raise _would_lose(wanted)
        outputs = _deploy(target, assembly, folder / "outputs.json")
    told = {"deployment": target.name, "where": where, "outputs": outputs}
    answer(told, "\n".join(first_steps(target.config, outputs)), as_json=as_json)


def _assembly(target: Target, given: Path | None, folder: Path) -> Assembly:
    if given is None:
        note("synthesising ...")
        target.toolkit.synthesise(target.file, target.options, folder)
    found = read_assembly(given or folder)
    strangers = [each for each in found.stacks if not each.startswith(f"{target.name}-")]
    if strangers:
        raise Invalid(
            f"{found.folder} holds {', '.join(strangers)}, which aren't of {target.name}",
            next_step="give the configuration that it was synthesised from",
        )
    return found


def _show(target: Target, wanted: Plan, where: str, *, only: bool, as_json: bool) -> None:
    heading = f"{target.name} in {where}"
    text = "\n".join([heading, "", *words_of(wanted)])
    if only:
        document = {"deployment": target.name, "where": where, **document_of(wanted)}
        answer(document, text, as_json=as_json)
    else:
        note(text)


def _ask(target: Target, wanted: Plan, *, sure: bool) -> None:
    if not sys.stdin.isatty():
        raise Invalid("there is no terminal to ask on", next_step="give --yes", code="not_asked")
    if wanted.dangers and not sure:
        typed = typer.prompt(f"Data would be lost. Type {target.name} to go on", err=True)
        if typed != target.name:
            raise typer.Abort
        return
    typer.confirm("Deploy it?", abort=True, err=True)


def _would_lose(wanted: Plan) -> Conflict:
    first = ", ".join(f"{stack}/{each.resource}" for stack, each in wanted.dangers[:3])
    return Conflict(
        f"LISA would lose what is in {first}",
        next_step="read the plan; give --allow-data-loss if that is what you want",
        code="data_loss",
    )


def _deploy(target: Target, assembly: Assembly, outputs: Path) -> Mapping[str, str]:
    begun = datetime.now(UTC) - CLOCKS_DIFFER
    try:
        code = target.toolkit.deploy(assembly.folder, outputs)
    except KeyboardInterrupt:
        _say_how_it_goes_on(target)
        raise typer.Exit(INTERRUPTED) from None
    if code:
        _say_why(target, assembly, begun)
        raise typer.Exit(FAILED)
    told = json.loads(outputs.read_text()) if outputs.exists() else {}
    return {key: value for stack in told.values() for key, value in stack.items()}


def _say_how_it_goes_on(target: Target) -> None:
    note(
        "no longer watched; AWS finishes the stacks it has begun, and begins no other\n"
        f"how it goes: {target.how_to_watch()}\n"
        "when nothing is IN_PROGRESS any more, `lisa deploy` goes on where it ended"
    )


def _say_why(target: Target, assembly: Assembly, begun: datetime) -> None:
    found = failures(target.account, assembly.stacks, begun)
    lines = ["the deployment failed; what was done before stays"]
    for each in found:
        lines += [
            f"{each.stack}/{each.resource} ({each.kind}): {each.reason}",
            f"  next step: {each.helps}",
        ]
    if not found:
        lines.append("CloudFormation has no failed event of it: the lines above say why")
    note("\n".join(lines))
