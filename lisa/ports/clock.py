"""The clock port: what time it is, and all the waiting there is."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells and passes time."""

    def now(self) -> datetime:
        """Return the time, in UTC."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""
