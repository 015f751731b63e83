"""The options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

Home = Annotated[
    Path | None,
    typer.Option(
        help="Where LISA's state lies (else LISA_HOME, else ~/.lisa).",
        metavar="DIR",
        show_default=False,
    ),
]
Url = Annotated[
    str,
    typer.Option(
        help="A LISA elsewhere (else LISA_URL); its token comes from LISA_TOKEN.",
        metavar="URL",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Port = Annotated[
    int | None,
    typer.Option(
        help="Where to listen (else LISA_PORT, else 8080); 0 takes any free port.",
        min=0,
        max=65535,
        metavar="N",
        show_default=False,
    ),
]
