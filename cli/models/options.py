"""Options and paths that several of the commands `lisa models ...` have."""

from typing import Annotated
from urllib.parse import quote

import typer

from lisa.domain.model import ModelType

Name = Annotated[str, typer.Argument(help="By which programs call it.", metavar="NAME")]
Type = Annotated[ModelType, typer.Option("--type", help="What it makes.")]
Groups = Annotated[
    list[str] | None,
    typer.Option(help="Who may use it, if not everybody; can be repeated.", metavar="G"),
]
Description = Annotated[
    str, typer.Option("--description", help="What people read of it.", metavar="TEXT")
]
Elsewhere = Annotated[
    str,
    typer.Option(
        "--lisa",
        help="A LISA elsewhere (else LISA_URL); its token comes from LISA_TOKEN.",
        metavar="URL",
        show_default=False,
    ),
]
Minimum = Annotated[
    int | None,
    typer.Option("--min", help="Fewest replicas.", min=0, metavar="N", show_default=False),
]
Maximum = Annotated[
    int | None,
    typer.Option("--max", help="Most replicas.", min=1, metavar="N", show_default=False),
]
Desired = Annotated[
    int | None,
    typer.Option(
        "--desired", help="Replicas to begin with.", min=0, metavar="N", show_default=False
    ),
]
Wait = Annotated[
    bool,
    typer.Option(
        "--wait", "--watch", help="Tell its timeline until it has arrived; 1 if that fails."
    ),
]


def path_of(name: str, below: str = "") -> str:
    """Return the path of a model, or of something below it."""
    return f"/models/{quote(name, safe='')}{below}"
