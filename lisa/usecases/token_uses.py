"""When a token was used last: noted beside the request, which never waits or fails for it."""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from lisa.domain.identity import Token
from lisa.ports.clock import Clock
from lisa.stores.tokens import TokenStore

NOTED_EVERY: Final = timedelta(minutes=1)
MOST_REMEMBERED: Final = 10_000
MOST_AT_ONCE: Final = 100
log = logging.getLogger("lisa.tokens")


class Uses(Protocol):
    """Is told of every use of a token that was let in."""

    async def note(self, token: Token) -> None:
        """Return at once, whatever becomes of the note."""


@dataclass(frozen=True)
class LastUses:
    """Writes a token's last use down, at most once a minute."""

    tokens: TokenStore
    clock: Clock
    _noted: dict[str, datetime] = field(default_factory=dict)
    _writing: set[asyncio.Task[None]] = field(default_factory=set)

    async def note(self, token: Token) -> None:
        """Write it down in the background, unless that was done less than a minute ago."""
        now = self.clock.now()
        if self._is_recent(token, now) or len(self._writing) >= MOST_AT_ONCE:
            return
        if len(self._noted) >= MOST_REMEMBERED:
            self._noted.clear()
        self._noted[token.id] = now
        task = asyncio.create_task(self.tokens.note_use(token, now))
        self._writing.add(task)
        task.add_done_callback(self._written)

    async def settled(self) -> None:
        """Wait until everything noted so far is written."""
        while self._writing:
            await asyncio.wait(self._writing)

    def _is_recent(self, token: Token, now: datetime) -> bool:
        last = self._noted.get(token.id, token.last_used)
        return last is not None and now - last < NOTED_EVERY

    def _written(self, task: asyncio.Task[None]) -> None:
        self._writing.discard(task)
        if not task.cancelled() and (fault := task.exception()):
            log.info("the last use of a token was not written: %s", type(fault).__name__)
