"""The commands `lisa config ...`: a deployment's configuration, written, checked and explained."""

import os
from collections.abc import Sequence
from pathlib import Path
from textwrap import fill
from typing import Annotated, Final

import typer

from cli.deployment.options import ConfigFile, Sets
from cli.errors import document, printable, render
from cli.options import Json
from cli.output import WIDTH, answer, note, pairs
from deployment.config.advice import advice
from deployment.config.examples import EXAMPLES, example
from deployment.config.explaining import Explained, explained
from deployment.config.reading import Chosen, choose
from deployment.config.summary import summary
from lisa.domain.errors import Conflict, Invalid

WRONG: Final = 2
INDENT: Final = "  "
Target = Annotated[Path, typer.Argument(help="Where to write it.", metavar="FILE")]
Example = Annotated[
    str,
    typer.Option("--example", help=f"What to begin with: {', '.join(EXAMPLES)}.", metavar="NAME"),
]
Force = Annotated[bool, typer.Option("--force", help="Write over what is there.")]
Key = Annotated[
    str, typer.Argument(help="Like `serve` or `serve.domain`.", metavar="KEY", show_default=False)
]
File = Annotated[
    Path | None,
    typer.Option(
        "--file",
        help="Tell what keys are in this file, and who says so.",
        metavar="FILE",
        show_default=False,
    ),
]


def init(
    *, file: Target = Path("lisa.yaml"), named: Example = "minimal", force: Force = False
) -> None:
    """Write a configuration with comments, to be changed and deployed.

    The examples: minimal, full (every key there is), production, idle (the cheapest), govcloud,
    china and isolated.

    For example:
      lisa config init
      lisa config init config/prod.yaml --example production
    """
    text = example(named)
    try:
        with file.open("w" if force else "x", encoding="utf-8") as opened:
            opened.write(text)
    except FileExistsError as error:
        raise Conflict(
            f"{file} is there already", next_step="name another file, or write over it: --force"
        ) from error
    except OSError as error:
        raise Invalid(
            f"{file} can't be written: {error.strerror}", next_step="name another file"
        ) from error
    note(f"{file} is written. Change what is yours in it, then: lisa config check {file}")


def check(*, file: ConfigFile, sets: Sets = None, as_json: Json = False) -> None:
    """Tell what a configuration would deploy, or all that is wrong with it.

    Variables LISA_CONFIG_... count above the file, -c above both. Ends with 2 where something is
    wrong. Warnings are of what is allowed but should be meant.

    For example:
      lisa config check config/prod.yaml
      lisa config check config/prod.yaml -c stage=test -c serve.workers=4
    """
    try:
        chosen = choose(file, environ=os.environ, options=sets or ())
    except Invalid as error:
        _refuse(error, as_json=as_json)
        raise typer.Exit(WRONG) from error
    warnings = advice(chosen.config)
    rows = list(summary(chosen.config).items())
    text = "\n".join([pairs(rows), *(f"warning: {each}" for each in warnings)])
    answer({**dict(rows), "warnings": warnings}, text, as_json=as_json)


def explain(*, key: Key = "", file: File = None, sets: Sets = None, as_json: Json = False) -> None:
    """Tell what a key means, what it takes and what it is by default; without a key, list all.

    With a file it tells as well what the key is there, and which line, variable or option says so.

    For example:
      lisa config explain
      lisa config explain serve.callers
      lisa config explain serve --file config/prod.yaml -c serve.workers=4
    """
    chosen = _chosen(file, sets)
    found = explained(key, chosen)
    text = "\n\n".join(_told(each) for each in found) if key else _listed(found)
    answer({"keys": [each.document() for each in found]}, text, as_json=as_json)


def _chosen(file: Path | None, sets: Sequence[str] | None) -> Chosen | None:
    return choose(file, environ=os.environ, options=sets or ()) if file or sets else None


def _refuse(error: Invalid, *, as_json: bool) -> None:
    if as_json:
        problems = error.message.splitlines()
        answer({**document(error), "problems": problems}, "", as_json=True)
    else:
        typer.echo(printable(render(error)[1]), err=True)


def _told(key: Explained) -> str:
    rows = [("takes", key.takes), ("default", key.default)]
    rows += [("is", f"{key.value}  ({key.origin})")] if key.origin else []
    rows += [("variable", key.variable)] if key.variable else []
    meaning = fill(key.meaning, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT)
    lines = pairs([(name, value) for name, value in rows if value]).splitlines()
    return "\n".join([key.key, meaning, *(INDENT + line for line in lines)])


def _listed(keys: Sequence[Explained]) -> str:
    lines = []
    for key in keys:
        present = f"  ({key.value} by {key.origin})" if key.value else ""
        lines.append(fill(f"{key.key}: {key.meaning}{present}", WIDTH, subsequent_indent=INDENT))
    return "\n".join(lines)
