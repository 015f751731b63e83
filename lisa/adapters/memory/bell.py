"""A bell for where whoever works looks often enough by itself."""


class SilentBell:
    """Tells nobody."""

    async def ring(self) -> None:
        """Do nothing."""
