"""Remembers what was read for under a second, so that a burst of calls is one read."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

from lisa.ports.clock import Clock

REMEMBERED_FOR: Final = timedelta(seconds=1)
MOST_REMEMBERED: Final = 1024
T = TypeVar("T")


@dataclass
class Recent(Generic[T]):
    """Finds things by key. What changes is found as it was for less than a second more."""

    read: Callable[[str], Awaitable[T]]
    worth: Callable[[T], bool]
    clock: Clock
    _read: dict[str, tuple[datetime, T]] = field(default_factory=dict)

    async def find(self, key: str) -> T:
        """Return what has this key; it is remembered if it is worth it."""
        now = self.clock.now()
        if key in self._read:
            asked, found = self._read[key]
            if timedelta() <= now - asked < REMEMBERED_FOR:
                return found
            self._read.pop(key, None)
        found = await self.read(key)
        if self.worth(found):
            self._remember(key, now, found)
        return found

    def _remember(self, key: str, asked: datetime, found: T) -> None:
        """Count from when it was asked for: it may have changed while the answer came."""
        if len(self._read) >= MOST_REMEMBERED:
            del self._read[next(iter(self._read))]
        self._read[key] = (asked, found)
