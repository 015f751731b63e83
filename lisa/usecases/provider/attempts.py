"""Slowing down whoever guesses passwords: one account from one address, and one address at all.

A try counts as failed before the password is looked at, so that a thousand at once gain nothing.
"""

from dataclasses import dataclass
from typing import Final

from lisa.domain.audit import neighbourhood
from lisa.domain.errors import ConditionFailed, LimitReached
from lisa.domain.identity import digest
from lisa.domain.provider.slow_down import FREE_TRIES, FREE_TRIES_OF_ADDRESS, Attempts
from lisa.ports.clock import Clock
from lisa.stores.provider.attempts import AttemptStore

MOST_TRIES_TO_COUNT: Final = 20


@dataclass(frozen=True)
class Try:
    """One try under way: what was counted before, and after."""

    pair: str
    address: str
    address_before: Attempts
    address_after: Attempts


@dataclass(frozen=True)
class Guesses:
    """Counts tries."""

    attempts: AttemptStore
    clock: Clock

    async def begin(self, name: str, ip: str) -> Try:
        """Count a try, or raise `LimitReached` with how long to wait."""
        near = neighbourhood(ip)
        pair, address = digest(f"{near}\n{name}"), digest(near)
        for _ in range(MOST_TRIES_TO_COUNT):
            of_pair, of_address = await self.attempts.get(pair), await self.attempts.get(address)
            now = self.clock.now()
            wait = max(of_pair.seconds_to_wait(now), of_address.seconds_to_wait(now))
            if wait:
                raise _too_often(wait)
            after = of_address.with_one_more(now, FREE_TRIES_OF_ADDRESS)
            counted = {pair: of_pair.with_one_more(now, FREE_TRIES), address: after}
            try:
                await self.attempts.change(counted)
            except ConditionFailed:
                continue
            return Try(pair, address, of_address, after)
        raise _too_often(1)

    async def succeeded(self, made: Try) -> None:
        """Forget the account's failures here; of the address, only that this was one."""
        await self.attempts.forget(made.pair)
        version = made.address_after.version + 1
        undone = made.address_before.model_copy(
            update={"version": version, "forgotten": made.address_after.forgotten}
        )
        try:
            await self.attempts.change({made.address: undone})
        except ConditionFailed:
            return  # others try from there: one failure too many is counted


def _too_often(seconds: int) -> LimitReached:
    unit = "second" if seconds == 1 else "seconds"
    return LimitReached(
        f"too many attempts to sign in: try again in {seconds} {unit}",
        code="too_many_attempts",
        retry_after=seconds,
    )
