"""Writes the OpenAPI file of the whole control API: `python -m lisa.http.openapi`."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any, Final, cast

from lisa.http.app import create_app
from lisa.http.services import Services

FILE: Final = Path(__file__).parents[2] / "ui" / "openapi.json"


def describe() -> dict[str, Any]:
    """Return the description of every route there is; no use case is called for it."""
    nothing = cast("Any", object())
    app = create_app(Services(*[nothing] * len(fields(Services))))
    app.version = "1"
    return app.openapi()


def main() -> None:
    """Write the file."""
    text = json.dumps(describe(), indent=1, sort_keys=True) + "\n"
    FILE.write_text(text)


if __name__ == "__main__":
    main()
