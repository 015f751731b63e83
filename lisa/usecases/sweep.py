"""Finishing what a request began and did not end: removing the content of deleted sessions."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from lisa.ports.clock import Clock
from lisa.stores.sessions.heads import Heads, Removal
from lisa.stores.sessions.items import Items

LATE_UPLOADS_END: Final = timedelta(minutes=20)
AT_ONCE: Final = 100


@dataclass(frozen=True)
class Sweep:
    """Runs every few minutes, any number of times, and picks up where the last run stopped."""

    heads: Heads
    items: Items
    clock: Clock

    async def run(self) -> int:
        """Remove all content of deleted sessions; return how many were closed for good.

        A session is closed only when no upload link given out before its deletion can still work.
        """
        closed, cursor = 0, ""
        while True:
            removals, cursor = await self.heads.removals(AT_ONCE, cursor)
            for removal in removals:
                closed += await self._finish(removal)
            if not cursor:
                return closed

    async def _finish(self, removal: Removal) -> bool:
        while not await self.items.remove_some(removal.owner, removal.uid):
            pass
        now = self.clock.now()
        if now < removal.since + LATE_UPLOADS_END:
            return False
        await self.heads.close(removal, now)
        return True
