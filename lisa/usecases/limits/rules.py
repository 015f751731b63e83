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
    def is_window(self) -> bool:
        """Tell whether it holds for any minute."""
        return self in WINDOWS

    @property
    def is_money(self) -> bool:
        """Tell whether it counts money."""
        return self in MONEY

    @property
    def is_daily(self) -> bool:
        """Tell whether it begins anew at midnight, UTC."""
        return self in DAILY

    @property
    def is_tokens(self) -> bool:
        """Tell whether it counts LLM tokens."""
        return self in TOKENS


WINDOWS: Final = frozenset({Measure.REQUESTS, Measure.TOKENS})
MONEY: Final = frozenset({Measure.MONEY_DAY, Measure.MONEY_MONTH})
DAILY: Final = frozenset({Measure.TOKENS_DAY, Measure.MONEY_DAY})
TOKENS: Final = frozenset({Measure.TOKENS, Measure.TOKENS_DAY, Measure.TOKENS_MONTH})


@dataclass(frozen=True)
class Rule:
    """One limit of one holder: `whose` is like `token:token_1`."""

    measure: Measure
    whose: str
    cap: int

    @cached_property
    def key(self) -> str:
        """Return under which name its state is kept."""
        return f"{self.measure}#{self.whose}"

    def period(self, now: datetime) -> str:
        """Return for which time the state holds."""
        if self.measure.is_window or self.measure is Measure.CONCURRENT:
            return "now"
        return now.strftime("%Y-%m-%d" if self.measure.is_daily else "%Y-%m")

    def kept_for(self) -> timedelta:
        """Return how long an untouched state is worth keeping."""
        if self.measure.is_window or self.measure is Measure.CONCURRENT:
            return NOT_LONG
        return DAYS if self.measure.is_daily else MONTHS

    def seconds_left(self, now: datetime) -> float:
        """Return when a budget begins anew."""
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        if self.measure.is_daily:
            return (midnight + timedelta(days=1) - now).total_seconds()
        following = (midnight.replace(day=1) + timedelta(days=32)).replace(day=1)
        return (following - now).total_seconds()

    def amount(self, ask: Ask) -> int:
        """Return how much to reserve: the most that the call may use.

        It is never more than the cap: a call larger than a whole budget may go when nothing else
        does, and what it uses beyond is counted.
        """
        most = Counts(prompt=ask.prompt_estimate, completion=ask.most_completion, images=ask.images)
        return min(self.cap, self.used(most, cost_of(ask.model.prices, most)))

    def used(self, counts: Counts, cost: float) -> int:
        """Return how much of this limit that is."""
        if self.measure.is_money:
            return -int(-cost * MICRO // 1)
        return counts.total if self.measure.is_tokens else 1


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


@lru_cache(maxsize=4096)  # the same few holders call again and again
def _rules(whose: str, limits: Limits) -> tuple[Rule, ...]:
    caps = ((measure, getattr(limits, measure)) for measure in Measure)
    return tuple(
        Rule(measure, whose, int(cap * MICRO) if measure.is_money else int(cap))
        for measure, cap in caps
        if cap is not None
    )
