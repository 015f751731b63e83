"""Remembers API tokens for under a second, so that a burst of calls is one read."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from lisa.domain.identity import Token
from lisa.ports.clock import Clock

REMEMBERED_FOR: Final = timedelta(seconds=1)
MOST_REMEMBERED: Final = 1024


class BySecret(Protocol):
    """Where tokens lie."""

    async def by_digest(self, digest: str) -> Token | None:
        """Return the token whose secret has this hash."""


@dataclass
class RecentTokens:
    """Finds tokens. A revoked one is found for less than a second more, an unknown one never."""

    store: BySecret
    clock: Clock
    _read: dict[str, tuple[datetime, Token]] = field(default_factory=dict)

    async def by_digest(self, digest: str) -> Token | None:
        """Return the token whose secret has this hash."""
        now = self.clock.now()
        read, token = self._read.get(digest, (None, None))
        if read is not None and timedelta() <= now - read < REMEMBERED_FOR:
            return token
        self._read.pop(digest, None)
        token = await self.store.by_digest(digest)
        if token:
            self._remember(digest, now, token)
        return token

    def _remember(self, digest: str, asked: datetime, token: Token) -> None:
        """Count from when it was asked for: it may have been revoked while the answer came."""
        if len(self._read) >= MOST_REMEMBERED:
            del self._read[next(iter(self._read))]
        self._read[digest] = (asked, token)
