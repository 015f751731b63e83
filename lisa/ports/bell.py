"""The bell: tells whoever works on documents that there is something to do."""

from typing import Protocol


class Bell(Protocol):
    """Saves waiting, and nothing else: whoever works also looks by itself, each minute or so."""

    async def ring(self) -> None:
        """Tell of work that is stored already. It never fails; a ring may get lost."""
