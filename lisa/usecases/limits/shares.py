"""What one process holds of an allowance: taken in slices, spent from memory, reported later."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from lisa.domain.allowances import SHARE_SECONDS, Pot, Window, share_of
from lisa.stores.allowances import AllowanceStore, Place


class Taken(NamedTuple):
    """An amount a call has reserved; `second` is when a window granted it."""

    amount: int
    second: int = 0


@dataclass(frozen=True)
class Refused:
    """That there is too little left, and when to ask again."""

    left: int
    wait: float


@dataclass
class WindowShare:
    """A part of what may be used in any minute."""

    store: AllowanceStore
    place: Place
    cap: int
    _held: dict[int, int] = field(default_factory=dict)
    _returns: dict[int, int] = field(default_factory=dict)
    _used_lately: int = 0
    _refused: tuple[float, int] = (0.0, 0)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _askers: int = 0
    left: int = 0

    def take_held(self, amount: int, now: float) -> Taken | None:
        """Reserve from memory, of one grant alone: its second tells where it was counted."""
        for second, held in self._held.items():
            if held >= amount and second + SHARE_SECONDS > now:
                self._held[second] = held - amount
                self._used_lately += amount
                return Taken(amount, second)
        return None

    async def take(self, amount: int) -> Taken | Refused:
        """Reserve what is not held; of many who run dry, one goes and fetches."""
        self._askers += 1
        try:
            async with self._turn:
                return self.take_held(amount, self._now()) or await self._refill(amount)
        finally:
            self._askers -= 1

    def settle(self, taken: Taken, used: int) -> None:
        """Give back what was not used, at the next report; more than was reserved counts too.

        Where nothing was used it is held for the next call instead, as if nobody had asked.
        """
        second = taken.second
        if not used and second + SHARE_SECONDS > self._now():
            self._held[second] = self._held.get(second, 0) + taken.amount
        elif used != taken.amount:
            self._returns[second] = self._returns.get(second, 0) + taken.amount - used

    async def report(self) -> None:
        """Give back what was not used in time."""
        now = self._now()
        for second in [each for each in self._held if each + SHARE_SECONDS <= now]:
            amount = self._held.pop(second)
            self._returns[second] = self._returns.get(second, 0) + amount
        self._used_lately //= 2
        returns, self._returns = self._returns, {}
        if returns:
            await self.store.change(
                self.place, Window, lambda window: (window.take_back(now, returns), None)
            )

    async def give_back(self) -> None:
        """Give back all that is held: nobody will ask here any more."""
        for second, amount in self._held.items():
            self._returns[second] = self._returns.get(second, 0) + amount
        self._held = {}
        await self.report()

    def is_idle(self) -> bool:
        """Tell whether nothing is held any more."""
        return not (self._held or self._returns or self._askers)

    async def _refill(self, amount: int) -> Taken | Refused:
        now = self._now()
        until, left = self._refused
        if now < until and amount > left:
            return Refused(left, until - now)

        def grant(window: Window) -> tuple[Window, tuple[int, int, float]]:
            room = window.room(now, self.cap)
            share = share_of(room, amount, self._used_lately)
            if not share:
                return window, (0, room, window.seconds_until(now, amount, self.cap))
            return window.grant(now, share), (share, room - share, 0.0)

        share, self.left, wait = await self.store.change(self.place, Window, grant)
        if not share:
            # Shares given back may make room earlier than the oldest grant's end: ask again soon.
            self._refused = (now + min(wait, 0.5), max(0, self.left))
            return Refused(max(0, self.left), max(wait, 0.5))
        self._used_lately += amount
        self._held[int(now)] = self._held.get(int(now), 0) + share - amount
        return Taken(amount, int(now))

    def _now(self) -> float:
        return self.store.clock.now().timestamp()


@dataclass
class PotShare:
    """A part of a budget, or some of the slots there are."""

    store: AllowanceStore
    place: Place
    cap: int
    holder: str
    gives_back: bool
    lost: Callable[[Place, int], None]
    _available: int = 0
    _reserved: int = 0
    _spent: int = 0
    _used_lately: int = 0
    _reported: float = 0.0
    _refused: tuple[float, int] = (0.0, 0)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _askers: int = 0
    left: int = 0

    def take_held(self, amount: int, now: float) -> Taken | None:
        """Reserve from memory, if enough is held."""
        del now  # what was granted here holds until it is given back
        if self._available < amount:
            return None
        self._available -= amount
        self._reserved += amount
        self._used_lately += amount
        return Taken(amount)

    async def take(self, amount: int) -> Taken | Refused:
        """Reserve what is not held; of many who run dry, one goes and fetches."""
        self._askers += 1
        try:
            async with self._turn:
                while (taken := self.take_held(amount, self._now())) is None:
                    if refused := await self._refill(amount):  # meanwhile others may take of it
                        return refused
                return taken
        finally:
            self._askers -= 1

    def settle(self, taken: Taken, used: int) -> None:
        """Put what was used in place of what was reserved; slots are all free again."""
        self._reserved -= taken.amount
        spent = 0 if self.gives_back else used
        self._spent += spent
        self._available += taken.amount - spent

    async def report(self) -> None:
        """Say what was spent, give back what lies idle, and show that we live."""
        async with self._turn:
            now = self._now()
            idle = max(0, self._available - self._used_lately)
            self._used_lately = 0
            spent = self._spent
            is_due = self._reserved and now - self._reported > 10  # noqa: PLR2004 - a third of a lease
            if not (spent or idle or is_due):
                return
            self._available -= idle
            self._spent = 0
            self._reported = now
            await self.store.change(
                self.place,
                Pot,
                lambda pot: (pot.settle(self.holder, now, spent=spent, returned=idle), None),
            )
            if not self._reserved:  # what was used beyond all reservations is counted now
                self._available = max(0, self._available)

    async def give_back(self) -> None:
        """Give back all that nobody has reserved: nobody will ask here any more."""
        self._used_lately = 0
        await self.report()

    def is_idle(self) -> bool:
        """Tell whether nothing is held any more."""
        return not (self._available or self._reserved or self._spent or self._askers)

    async def _refill(self, amount: int) -> Refused | None:
        now = self._now()
        until, left = self._refused
        if now < until and amount > left:
            return Refused(left, until - now)
        need = amount - self._available

        def grant(pot: Pot) -> tuple[Pot, tuple[int, int, int]]:
            living, lost = pot.without_dead(now, gives_back=self.gives_back)
            room = living.room(self.cap)
            share = share_of(room, need, self._used_lately)
            if not share:
                return living, (0, room, lost)
            return living.top_up(self.holder, now, share), (share, room - share, lost)

        share, self.left, lost = await self.store.change(self.place, Pot, grant)
        if lost and not self.gives_back:
            self.lost(self.place, lost)
        if not share:
            self._refused = (now + 0.25, max(0, self.left))
            return Refused(max(0, self.left), 1.0)
        self._reported = now
        self._available += share
        return None

    def _now(self) -> float:
        return self.store.clock.now().timestamp()
