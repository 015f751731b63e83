"""The machine's own clock."""

import asyncio
from datetime import UTC, datetime


class SystemClock:
    """Tells the machine's time and lets it pass."""

    def now(self) -> datetime:
        """Return the time, in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)
