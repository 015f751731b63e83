"""Where in a configuration something stands, and where that was written."""

from dataclasses import dataclass
from typing import Final

Steps = tuple[str | int, ...]
ENVIRONMENT: Final = "LISA_CONFIG_"
BETWEEN_LEVELS: Final = "__"


@dataclass(frozen=True)
class Place:
    """Where somebody wrote something: a line of a file, a variable or an option."""

    source: str
    line: int | None = None

    def __str__(self) -> str:
        """Name it as a person finds it."""
        return self.source if self.line is None else f"{self.source} line {self.line}"


def dotted(steps: Steps) -> str:
    """Write the way to a key as people do: `doors.issuers[0].audience`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return text.removeprefix(".")


def variable_of(key: str) -> str:
    """Return the variable that stands before a key of the file."""
    return ENVIRONMENT + key.replace(".", BETWEEN_LEVELS).upper()
