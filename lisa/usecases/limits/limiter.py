"""Lets a call go on if it fits every limit that holds for it, in all processes together."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from lisa.domain.errors import LimitReached, LisaError
from lisa.domain.usage import Counts
from lisa.ports.calls import Ask
from lisa.stores.allowances import AllowanceStore, Place
from lisa.usecases.limits.known_rules import KnownRules
from lisa.usecases.limits.rules import Measure, Rule, most_of
from lisa.usecases.limits.settings import LimitSettings
from lisa.usecases.limits.shares import PotShare, Refused, Taken, WindowShare

REPORT_SECONDS: Final = 1.0
MOST_SHARES: Final = 50_000
NOTHING: Final = Counts()
log = logging.getLogger("lisa.limits")
Share = WindowShare | PotShare
Reservation = tuple[Rule, Share, Taken]


@dataclass(slots=True)
class Reserved:
    """The reservations of one call."""

    reservations: list[Reservation] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def tell(self) -> None:
        """Note the tightest limit of each kind, in OpenAI's headers."""
        tightest: dict[str, tuple[int, int]] = {}
        for rule, share, _ in self.reservations:
            if rule.is_window:
                left = (max(0, share.left), rule.cap)
                tightest[rule.unit] = min(left, tightest.get(rule.unit, left))
        for unit, (remaining, cap) in tightest.items():
            self.headers[f"x-ratelimit-limit-{unit}"] = str(cap)
            self.headers[f"x-ratelimit-remaining-{unit}"] = str(remaining)

    async def settle(self, counts: Counts | None, cost: float) -> None:
        """Put what was used in place of what was reserved; a call counts, whatever it used."""
        used = counts or NOTHING
        for rule, share, taken in self.reservations:
            refused_by_us = counts is None and rule.is_requests
            share.settle(taken, 0 if refused_by_us else rule.used(used, cost))
        self.reservations = []


@dataclass
class FleetLimiter:
    """Holds this process's shares of every allowance its calls ask for."""

    store: AllowanceStore
    limits: Callable[[], Awaitable[LimitSettings]]
    holder: str
    lost: Callable[[Place, int], None]
    _shares: dict[tuple[str, str], Share] = field(default_factory=dict)
    _rules: KnownRules = field(default_factory=KnownRules)

    async def admit(self, ask: Ask) -> Reserved:
        """Reserve of each limit the most the call may use, or nothing of any."""
        settings = await self.limits()
        most, cost = most_of(ask)
        reserved, is_admitted = Reserved(), False
        now = self.store.clock.now()
        at = now.timestamp()
        try:
            for rule in self._rules.of(ask, settings):
                share, amount = self._share(rule, now), rule.amount(most, cost)
                taken = share.take_held(amount, at)
                if taken is None:
                    taken = await self._fetched(rule, share, amount)
                    now = self.store.clock.now()
                    at = now.timestamp()
                reserved.reservations.append((rule, share, taken))
            is_admitted = True
        finally:
            if not is_admitted:  # a limit is reached, or the caller left meanwhile
                await reserved.settle(None, 0)
        reserved.tell()
        return reserved

    async def report(self) -> None:
        """Tell the store what happened since; a share of which that fails reports next time."""
        for place, share in list(self._shares.items()):
            try:
                await share.report()
            except LisaError as error:
                log.warning("limits can't be reported now: %s", error.message)
                return
            if share.is_idle():
                del self._shares[place]

    async def keep_reporting(self) -> None:
        """Report until cancelled, and give everything back at the end."""
        try:
            while True:
                await self.store.clock.sleep(REPORT_SECONDS)
                await self.report()
        finally:
            with contextlib.suppress(LisaError):
                await asyncio.shield(self._give_back())

    async def _give_back(self) -> None:
        await asyncio.gather(*(share.give_back() for share in self._shares.values()))

    def held(self) -> int:
        """Return of how many allowances this process holds a share."""
        return len(self._shares)

    async def _fetched(self, rule: Rule, share: Share, amount: int) -> Taken:
        taken = await share.take(amount)
        if isinstance(taken, Refused):
            raise _refusal(rule, taken, self.store.clock.now())
        return taken

    def _share(self, rule: Rule, now: datetime) -> Share:
        period = rule.period(now)
        share = self._shares.get((rule.key, period))
        if share is None:
            if len(self._shares) >= MOST_SHARES:
                raise LimitReached("too many callers at once", next_step="try again", retry_after=1)
            place = Place(rule.key, period, rule.kept_for())
            share = self._shares[rule.key, period] = self._new_share(rule, place)
        share.cap = rule.cap
        return share

    def _new_share(self, rule: Rule, place: Place) -> Share:
        if rule.is_window:
            return WindowShare(self.store, place, rule.cap)
        slots = rule.measure is Measure.CONCURRENT
        return PotShare(self.store, place, rule.cap, self.holder, gives_back=slots, lost=self.lost)


def _refusal(rule: Rule, refused: Refused, now: datetime) -> LimitReached:
    kind, _, name = rule.whose.partition(":")
    shown = f"this {kind}" if kind in {"token", "user"} else f"the {kind} {name}"
    if not rule.is_budget:
        return LimitReached(
            f"{shown} is at its limit of {rule.cap} {rule.measure.replace('_', ' ')}",
            next_step="wait as long as Retry-After says, or ask for a higher limit",
            code="rate_limit_exceeded",
            retry_after=refused.wait,
        )
    cap = f"${rule.cap / 1_000_000:g}" if rule.is_money else f"{rule.cap} tokens"
    span = "day" if rule.is_daily else "month"
    return LimitReached(
        f"what is left of the budget of {shown} ({cap} per {span}) is too little for this call",
        next_step=f"ask for less with max_tokens, wait for the next {span}, or ask for more budget",
        code="insufficient_quota",
        retry_after=rule.seconds_left(now),
    )
