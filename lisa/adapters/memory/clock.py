"""A clock that stands still until somebody moves it."""

from datetime import UTC, datetime, timedelta
from typing import Final

START: Final = datetime(2030, 1, 1, tzinfo=UTC)


class ManualClock:
    """Tells the time it was set to; sleeping moves it on at once."""

    def __init__(self, start: datetime = START) -> None:
        """Stand still at the start."""
        self.time = start

    def now(self) -> datetime:
        """Return the time it was moved to."""
        return self.time

    def advance(self, seconds: float) -> None:
        """Move on."""
        self.time += timedelta(seconds=seconds)

    async def sleep(self, seconds: float) -> None:
        """Move on as if that time had passed."""
        self.advance(seconds)
