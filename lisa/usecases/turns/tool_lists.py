"""What servers said of their tools, remembered for a minute; a failure for a few seconds."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from lisa.domain.errors import LisaError, Unavailable
from lisa.domain.tool_server import ToolServer
from lisa.ports.tool_servers import Tool

REMEMBERED: Final = timedelta(seconds=60)
FAILED: Final = timedelta(seconds=10)  # no turn waits for a dead server right after another one
MOST_REMEMBERED: Final = 1000
Place: TypeAlias = tuple[str, int]


@dataclass(frozen=True)
class ToolLists:
    """Lists by server and its version: all its users are shown the same."""

    _kept: dict[Place, tuple[datetime, list[Tool] | LisaError]] = field(default_factory=dict)

    async def of(
        self, server: ToolServer, now: datetime, ask: Callable[[], Awaitable[list[Tool]]]
    ) -> list[Tool]:
        """Return the tools of a server, asking it only if we don't remember."""
        place = (server.id, server.version)
        until, known = self._kept.get(place, (now, None))
        if known is None or until <= now:
            known, lasting = await _answer(ask)
            self._forget_old(now)
            self._kept[place] = (now + lasting, known)
        if isinstance(known, LisaError):
            code = known.precise_code
            raise Unavailable(known.message, next_step=known.next_step, code=code) from known
        return known

    def _forget_old(self, now: datetime) -> None:
        if len(self._kept) >= MOST_REMEMBERED:
            fresh = {place: kept for place, kept in self._kept.items() if kept[0] > now}
            self._kept.clear()
            self._kept.update([*fresh.items()][-MOST_REMEMBERED // 2 :])


async def _answer(
    ask: Callable[[], Awaitable[list[Tool]]],
) -> tuple[list[Tool] | LisaError, timedelta]:
    try:
        return await ask(), REMEMBERED
    except LisaError as failure:
        return failure.with_traceback(None), FAILED
