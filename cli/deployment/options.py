"""The options by which commands are told which deployment is meant."""

from pathlib import Path
from typing import Annotated

import typer

Sets = Annotated[
    list[str] | None,
    typer.Option(
        "-c",
        "--set",
        help="Set one key over the file, like `serve.domain=llm.example.com`; can be repeated.",
        metavar="KEY=VALUE",
        show_default=False,
    ),
]
ConfigFile = Annotated[
    Path, typer.Argument(help="The file of the deployment.", metavar="FILE", show_default=False)
]
