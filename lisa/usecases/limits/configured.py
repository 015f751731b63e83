"""The limits that stand in the configuration, for whoever asks before each call."""

import asyncio
from dataclasses import dataclass, field

from lisa.usecases.configuration import Switches
from lisa.usecases.limits.settings import LimitSettings


@dataclass(frozen=True)
class ConfiguredLimits:
    """Tells limits as administrators set them, at most a second ago."""

    switches: Switches
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    async def __call__(self) -> LimitSettings:
        """Return them; of many who ask at once one reads, the others share the answer."""
        async with self._turn:
            limits = (await self.switches.configuration()).limits
        return LimitSettings(limits.everybody, limits.users, limits.groups)
