"""Which limits hold for a call, and how much of each it would use."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Final

from lisa.domain.identity import Limits
from lisa.domain.usage import Counts, cost_of
from lisa.ports.calls import Ask

MICRO: Final = 1_000_000  # money is counted in millionths of a dollar
NOT_LONG: Final = timedelta(minutes=10)
DAYS: Final = timedelta(days=3)
MONTHS: Final = timedelta(days=62)


class Measure(StrEnum):
    """What a limit counts; the values are the fields of `Limits`."""

    REQUESTS = "requests_per_minute"
    TOKENS = "tokens_per_minute"
    CONCURRENT = "concurrent_requests"
    TOKENS_DAY = "tokens_per_day"
    TOKENS_MONTH = "tokens_per_month"
    MONEY_DAY = "budget_usd_per_day"
    MONEY_MONTH = "budget_usd_per_month"

    @property
    def is_money(self) -> bool:
        """Tell whether it counts money."""
        return self in MONEY


WINDOWS: Final = frozenset({Measure.REQUESTS, Measure.TOKENS})
MONEY: Final = frozenset({Measure.MONEY_DAY, Measure.MONEY_MONTH})
DAILY: Final = frozenset({Measure.TOKENS_DAY, Measure.MONEY_DAY})
TOKENS: Final = frozenset({Measure.TOKENS, Measure.TOKENS_DAY, Measure.TOKENS_MONTH})


@dataclass(frozen=True)
class Rule:
    """One limit of one holder: `whose` is like `token:token_1`.

    A rule is made once and asked for each call, so what follows from it is worked out once.
    """

    measure: Measure
    whose: str
    cap: int

    @cached_property
    def key(self) -> str:
        """Return under which name its state is kept."""
        return f"{self.measure}#{self.whose}"

    @cached_property
    def is_window(self) -> bool:
        """Tell whether it holds for any minute."""
        return self.measure in WINDOWS

    @cached_property
    def is_requests(self) -> bool:
        """Tell whether it counts requests."""
        return self.measure is Measure.REQUESTS

    @cached_property
    def unit(self) -> str:
        """Return what a window counts, as headers name it."""
        return "requests" if self.is_requests else "tokens"

    @cached_property
    def is_budget(self) -> bool:
        """Tell whether it holds for a day or a month."""
        return not self.is_window and self.measure is not Measure.CONCURRENT

    @cached_property
    def is_money(self) -> bool:
        """Tell whether it counts money."""
        return self.measure.is_money

    @cached_property
    def is_daily(self) -> bool:
        """Tell whether it begins anew at midnight, UTC."""
        return self.measure in DAILY

    @cached_property
    def is_tokens(self) -> bool:
        """Tell whether it counts LLM tokens."""
        return self.measure in TOKENS

    def period(self, now: datetime) -> str:
        """Return for which time the state holds."""
        if not self.is_budget:
            return "now"
        date = now.date().isoformat()
        return date if self.is_daily else date[: len("YYYY-MM")]

    def kept_for(self) -> timedelta:
        """Return how long an untouched state is worth keeping."""
        if not self.is_budget:
            return NOT_LONG
        return DAYS if self.is_daily else MONTHS

    def seconds_left(self, now: datetime) -> float:
        """Return when a budget begins anew."""
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        if self.is_daily:
            return (midnight + timedelta(days=1) - now).total_seconds()
        following = (midnight.replace(day=1) + timedelta(days=32)).replace(day=1)
        return (following - now).total_seconds()

    def amount(self, most: Counts, cost: float) -> int:
        """Return how much to reserve for a call that may use so much at most.

        It is never more than the cap: a call larger than a whole budget may go when nothing else
        does, and what it uses beyond is counted.
        """
        return min(self.cap, self.used(most, cost))

    def used(self, counts: Counts, cost: float) -> int:
        """Return how much of this limit that is."""
        if self.is_money:
            return -int(-cost * MICRO // 1)
        return counts.total if self.is_tokens else 1


def most_of(ask: Ask) -> tuple[Counts, float]:
    """Return the most that a call may use, and what that would cost."""
    most = _counts(ask.prompt_estimate, ask.most_completion, ask.images)
    return most, cost_of(ask.model.prices, most)


@lru_cache(maxsize=64)  # limits ask for it, then the meter
def _counts(prompt: int, completion: int, images: int) -> Counts:
    return Counts(prompt=prompt, completion=completion, images=images)


def rules_for(
    ask: Ask, everybody: Limits, users: Mapping[str, Limits], groups: Mapping[str, Limits]
) -> Iterator[Rule]:
    """List the limits that hold for a call: its token's, user's, groups' and model's."""
    caller = ask.caller
    if caller.token_id and caller.limits:
        yield from _rules(f"token:{caller.token_id}", caller.limits)
    yield from _rules(f"user:{caller.subject}", users.get(caller.subject, everybody))
    for group in sorted(caller.groups & groups.keys()):
        yield from _rules(f"group:{group}", groups[group])
    yield from _rules(f"model:{ask.model.id}", ask.model.limits)


def _rules(whose: str, limits: Limits) -> Iterator[Rule]:
    for measure in Measure:
        cap = getattr(limits, measure)
        if cap is not None:
            yield Rule(measure, whose, int(cap * MICRO) if measure.is_money else int(cap))
