"""Secrets from wherever they lie, each asked for at most once a minute."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from lisa.domain.errors import Unavailable
from lisa.ports.clock import Clock
from lisa.ports.secrets import Secrets

LONGEST_MEMORY: Final = timedelta(seconds=60)
SHORTEST_MEMORY: Final = timedelta(seconds=1)  # else a wrong secret had its place asked each call
MOST_REMEMBERED: Final = 1024


@dataclass(frozen=True)
class RememberedSecrets:
    """Asks the place that a reference names; what isn't there is asked for anew each time."""

    places: Mapping[str, Secrets]  # by what stands before a reference's colon
    clock: Clock
    _known: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    _asking: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def resolve(self, reference: str) -> str:
        """Return the secret; callers who want the same one at the same time ask once."""
        if value := self._remembered(reference):
            return value
        lock = self._asking.setdefault(reference, asyncio.Lock())
        try:
            async with lock:
                return self._remembered(reference) or await self._ask(reference)
        finally:
            self._asking.pop(reference, None)

    def forget(self, reference: str) -> None:
        """Ask anew next time, unless that was done less than a second ago."""
        until, _ = self._known.get(reference, (self.clock.now(), ""))
        if until - self.clock.now() <= LONGEST_MEMORY - SHORTEST_MEMORY:
            self._known.pop(reference, None)

    def _remembered(self, reference: str) -> str:
        until, value = self._known.get(reference, (self.clock.now(), ""))
        return value if until > self.clock.now() else ""

    async def _ask(self, reference: str) -> str:
        place = self.places.get(reference.partition(":")[0])
        if place is None:
            raise Unavailable("secrets of this kind aren't kept here", code="no_secret")
        value = await place.resolve(reference)
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[reference] = (self.clock.now() + LONGEST_MEMORY, value)
        return value
