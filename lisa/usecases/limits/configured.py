"""The limits that stand in the configuration, for whoever asks before each call."""

import asyncio
from dataclasses import dataclass, field

from lisa.domain.configuration import SetLimits
from lisa.usecases.configuration import Switches
from lisa.usecases.limits.settings import LimitSettings


@dataclass
class ConfiguredLimits:
    """Tells limits as administrators set them, at most a second ago."""

    switches: Switches
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)
    _read: SetLimits | None = field(default=None, init=False)
    _told: LimitSettings = field(default_factory=LimitSettings, init=False)

    async def __call__(self) -> LimitSettings:
        """Return them; of many who ask at once one reads, the others share the answer."""
        configuration = self.switches.remembered()
        if configuration is None:
            async with self._turn:
                configuration = await self.switches.configuration()
        limits = configuration.limits
        if limits is not self._read:
            self._read = limits
            self._told = LimitSettings(limits.everybody, limits.users, limits.groups)
        return self._told
