"""Writes the OpenAPI file of the whole control API: `python -m lisa.http.openapi FILE`."""

import json
import sys
from pathlib import Path
from typing import Any, cast

from lisa.http.app import create_app
from lisa.http.services import Services


def describe() -> dict[str, Any]:
    """Return the description of every route there is; no use case is called for it."""
    nothing = cast("Any", object())
    app = create_app(Services(authenticate=nothing, sessions=nothing, identity=nothing))
    app.version = "1"
    return app.openapi()


def main() -> None:
    """Write the file."""
    text = json.dumps(describe(), indent=1, sort_keys=True) + "\n"
    Path(sys.argv[1]).write_text(text)


if __name__ == "__main__":
    main()
