"""Keeps one issuer's keys: asks again for an unknown key, seldom, and for everybody at once."""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Final

from joserfc.errors import JoseError
from joserfc.jwk import Key
from joserfc.jws import JWSRegistry

from lisa.adapters.oidc.fetch import published_keys
from lisa.domain.errors import Unavailable
from lisa.domain.issuers import Issuer
from lisa.ports.clock import Clock

BETWEEN_REFRESHES: Final = timedelta(seconds=30)
BETWEEN_FIRST_TRIES: Final = timedelta(seconds=3)  # while there is no key at all
FRESH_FOR: Final = timedelta(minutes=10)
PATIENCE_WITH_OLD_KEYS: Final = 1.0

log = logging.getLogger("lisa.identity")


class KeyCache:
    """Finds the key a token was signed with.

    Keys older than ten minutes are asked for again, so that a withdrawn key ends; while the issuer
    is away they keep working.
    """

    def __init__(self, issuer: Issuer, clock: Clock) -> None:
        """Ask for nothing yet."""
        self._issuer = issuer
        self._clock = clock
        self._keys: tuple[Key, ...] = ()
        self._fetched: datetime | None = None
        self._tried: datetime | None = None
        self._flight: asyncio.Task[None] | None = None

    async def find(self, kid: str | None, algorithm: str) -> Key | None:
        """Return the key, or `None` if the issuer has no such key for this algorithm."""
        if self._find(kid, algorithm) is None:
            await self._refresh()
        elif self._older_than(FRESH_FOR, self._fetched) and not self._is_under_way():
            await self._refresh(PATIENCE_WITH_OLD_KEYS)
        if self._fetched is None:
            raise Unavailable(
                "the issuer of this token can't be asked for its keys now",
                next_step="try again in a moment",
                code="keys_unavailable",
            )
        return self._find(kid, algorithm)

    def _find(self, kid: str | None, algorithm: str) -> Key | None:
        """Without a kid there must be no choice."""
        fitting = [
            key for key in self._keys if (kid is None or key.kid == kid) and _fits(key, algorithm)
        ]
        return fitting[0] if len(fitting) == 1 else None

    async def _refresh(self, patience: float | None = None) -> None:
        """Wait for the request under way, or begin one if the last is long enough ago."""
        if not self._is_under_way():
            pause = BETWEEN_REFRESHES if self._fetched else BETWEEN_FIRST_TRIES
            if not self._older_than(pause, self._tried):
                return
            self._tried = self._clock.now()
            self._flight = asyncio.create_task(self._fetch())
        if self._flight:
            done, _ = await asyncio.wait({self._flight}, timeout=patience)
            for flight in done:
                flight.result()

    async def _fetch(self) -> None:
        try:
            self._keys = await published_keys(self._issuer)
        except Unavailable as error:
            log.warning("no keys from issuer %s: %s", self._issuer.issuer, error.message)
            return
        self._fetched = self._clock.now()

    def _is_under_way(self) -> bool:
        """Tell whether to wait for a request; one left behind in another event loop never ends."""
        flight = self._flight
        if flight is None or flight.done():
            return False
        return flight.get_loop() is asyncio.get_running_loop()

    def _older_than(self, age: timedelta, moment: datetime | None) -> bool:
        """Tell whether it is that long ago; a moment yet to come means the clock was put back."""
        if moment is None:
            return True
        return not timedelta() <= self._clock.now() - moment < age


def _fits(key: Key, algorithm: str) -> bool:
    """Tell whether the key is of the type, curve, use and algorithm that its issuer gave it."""
    try:
        JWSRegistry.algorithms[algorithm].check_key(key)
    except JoseError:
        return False
    return True
