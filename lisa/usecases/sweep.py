"""Finishing what was begun and not ended: removals, turns that were given up, what has its day."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from lisa.domain.errors import ConditionFailed
from lisa.ports.clock import Clock
from lisa.stores.sessions.heads import Heads, Removal
from lisa.stores.sessions.items import Items
from lisa.usecases.turns.closing import Closing

LATE_UPLOADS_END: Final = timedelta(minutes=20)
UNLISTED_FOR: Final = timedelta(days=30)
AT_ONCE: Final = 100
FORGOTTEN_AT_ONCE: Final = 40


@dataclass(frozen=True)
class Sweep:
    """Runs every few minutes, any number of times, and picks up where the last run stopped."""

    heads: Heads
    items: Items
    closing: Closing
    clock: Clock

    async def run(self) -> int:
        """Remove all content of deleted sessions; return how many were closed for good.

        A session is closed only when no upload link given out before its deletion can still work.
        """
        await self._close_turns()
        await self._forget_unlisted()
        closed, cursor = 0, ""
        while True:
            removals, cursor = await self.heads.removals(AT_ONCE, cursor)
            for removal in removals:
                closed += await self._finish(removal)
            if not cursor:
                return closed

    async def _close_turns(self) -> None:
        """Close turns of processes that are gone, for which nobody has asked since."""
        for turn in await self.closing.heads.expired(self.clock.now(), AT_ONCE):
            await self.closing.close_expired(turn)

    async def _forget_unlisted(self) -> None:
        """Delete sessions that were made for a single response, a month later."""
        now = self.clock.now()
        while sessions := await self.heads.unlisted(now - UNLISTED_FOR, FORGOTTEN_AT_ONCE):
            try:
                await self.heads.bury(sessions, now)
            except ConditionFailed:
                return  # the index lags, or somebody deletes one: the next run looks again

    async def _finish(self, removal: Removal) -> bool:
        while not await self.items.remove_some(removal.owner, removal.uid):
            pass
        now = self.clock.now()
        if now < removal.since + LATE_UPLOADS_END:
            return False
        await self.heads.close(removal, now)
        return True
