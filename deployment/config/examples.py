"""The configurations that come with LISA, to begin with."""

from pathlib import Path
from typing import Final

from lisa.domain.errors import NotFound

FOLDER: Final = Path(__file__).parents[2] / "config"
EXAMPLES: Final = ("minimal", "full", "production", "idle", "govcloud", "china", "isolated")


def example(name: str) -> str:
    """Return the text of an example."""
    if name not in EXAMPLES:
        raise NotFound(f"there is no example {name}", next_step=f"choose {', '.join(EXAMPLES)}")
    try:
        return file_of(name).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise NotFound(
            f"{FOLDER} isn't there", next_step="use the `lisa` of a checkout, which deploys as well"
        ) from error


def file_of(name: str) -> Path:
    """Return where an example lies."""
    return FOLDER / f"{name}.yaml"
