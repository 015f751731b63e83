"""Writes the OpenAPI file of the whole control API: `python -m lisa.http.openapi`."""

import json
from pathlib import Path
from typing import Any, Final

from lisa.http.app import description

FILE: Final = Path(__file__).parents[2] / "ui" / "openapi.json"


def describe() -> dict[str, Any]:
    """Return the description of every route there is, the same at every release."""
    described = description(accounts=True)
    return described | {"info": described["info"] | {"version": "1"}}


def main() -> None:
    """Write the file."""
    text = json.dumps(describe(), indent=1, sort_keys=True) + "\n"
    FILE.write_text(text)


if __name__ == "__main__":
    main()
