"""The ids port: names and secrets that nobody can guess."""

from typing import Protocol


class Ids(Protocol):
    """Makes names."""

    def new(self, prefix: str) -> str:
        """Return a fresh name, `<prefix>_<random>`."""

    def secret(self) -> str:
        """Return 256 random bits, in hexadecimal."""
