"""The leases of this process's turns: renewed together, and given up where somebody says so."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from lisa.domain.errors import LisaError
from lisa.domain.turns.turn import Turn
from lisa.ports.clock import Clock
from lisa.stores.turns.heads import TurnHeads
from lisa.usecases.turns.live import LiveTurn

LEASE: Final = timedelta(seconds=10)
LOOKED_AFTER_EVERY: Final = 1.0
RENEWED_AT: Final = timedelta(seconds=7)  # of the lease are left
EXPIRED_SOUGHT_EVERY: Final = 5  # looks
PATIENCE: Final = 5.0
log = logging.getLogger("lisa.turns")


@dataclass
class Leases:
    """Looks once a second at the heads of all turns that are under way here.

    Whoever may cancel a turn writes so into its head; whoever finds its lease expired closes it.
    """

    heads: TurnHeads
    clock: Clock
    holder: str
    close: Callable[[Turn], Awaitable[object]]  # a turn that was given up
    held: dict[str, LiveTurn] = field(default_factory=dict)

    async def keep(self) -> None:
        """Look after the leases, for as long as this process serves."""
        looks = 0
        while True:
            try:
                async with asyncio.timeout(PATIENCE):
                    await self.look()
                    if looks % EXPIRED_SOUGHT_EVERY == 0:
                        await self.close_expired()
            except (LisaError, TimeoutError) as error:
                log.warning("the leases of turns can't be looked after now: %s", error)
            looks += 1
            await asyncio.sleep(LOOKED_AFTER_EVERY)

    async def look(self) -> None:
        """Stop what is to be stopped, and renew what runs out."""
        held = dict(self.held)
        if not held:
            return
        found = await self.heads.get_many(list(held))
        kept = [found[name] for name, live in held.items() if self._goes_on(live, found.get(name))]
        now = self.clock.now()
        ending = [each for each in kept if each.lease_until and each.lease_until < now + RENEWED_AT]
        if ending:
            await self.heads.renew(ending, now + LEASE)
        for turn in ending:
            self._seen(turn.id, turn.version + 1)

    def _seen(self, turn_id: str, version: int) -> None:
        if live := self.held.get(turn_id):
            live.version = version

    async def close_expired(self) -> None:
        """Close turns that nobody looks after any more."""
        for turn in await self.heads.expired(self.clock.now()):
            if turn.id not in self.held:
                await self.close(turn)

    def _goes_on(self, live: LiveTurn, head: Turn | None) -> bool:
        if head is None or not head.is_open or head.lease != self.holder:
            live.lost = True
            live.stop()
        else:
            live.version = head.version
            if head.cancel_requested:
                live.cancelled = True
                live.stop()
        return not live.lost
