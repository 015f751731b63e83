"""Keeping a password so that nobody can read it, and knowing it again."""

from typing import Protocol


class Passwords(Protocol):
    """Slow on purpose; both run off the event loop."""

    async def kept(self, password: str) -> str:
        """Return what is kept in place of the password."""

    async def is_same(self, kept: str, password: str) -> bool:
        """Tell whether this is the password."""
