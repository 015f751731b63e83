"""Usage summed up: counters that only grow, and the percentiles that can be told from them."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from lisa.domain.usage import Call

NANO: Final = 10**9  # a millionth of a dollar is more than a short embedding costs
BOUNDS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 60_000)
TOTAL: Final = tuple(f"total{n}" for n in range(len(BOUNDS) + 1))
FIRST_BYTE: Final = tuple(f"first_byte{n}" for n in range(len(BOUNDS) + 1))
REFUSED: Final = 400  # the first of the statuses that say so
BROKEN: Final = frozenset({"failed", "cut"})
LEASE: Final = "lease"  # the endpoint of what a dead process had reserved of a budget

Sums: TypeAlias = Counter[str]
Timing: TypeAlias = Literal["first_byte", "total"]


def ended_at(call: Call) -> datetime:
    """Return when the call was over: this is the time under which it is counted and listed."""
    return call.at + timedelta(milliseconds=call.total_ms)


def is_error(call: Call) -> bool:
    """Tell whether the call failed; one whose caller left did not."""
    return call.ended in BROKEN or (call.status >= REFUSED and call.ended != "gone")


def count(calls: Sequence[Call], sums: Sums) -> None:
    """Add the calls, in whole numbers; names that they add nothing to don't appear.

    `total<n>` counts the calls that took at most `BOUNDS[n]` ms and longer than the bound before;
    `first_byte<n>` does so for the first byte, where there was one.
    """
    counts = [call.counts for call in calls]
    totals = [call.total_ms for call in calls]
    first_bytes = [call.first_byte_ms for call in calls if call.first_byte_ms is not None]
    adds = {
        "requests": len(calls),
        "errors": sum(map(is_error, calls)),
        "cache_hits": sum([call.cache_hit for call in calls]),
        "unsettled": sum([call.unsettled for call in calls]),
        "prompt": sum([each.prompt for each in counts]),
        "completion": sum([each.completion for each in counts]),
        "cached": sum([each.cached for each in counts]),
        "reasoning": sum([each.reasoning for each in counts]),
        "images": sum([each.images for each in counts]),
        "cost": sum([round(call.cost * NANO) for call in calls]),
        "total_ms": sum(map(round, totals)),
        "first_byte_ms": sum(map(round, first_bytes)),
        **Counter([TOTAL[bisect_left(BOUNDS, each)] for each in totals]),
        **Counter([FIRST_BYTE[bisect_left(BOUNDS, each)] for each in first_bytes]),
    }
    for name, amount in adds.items():
        if amount:
            sums[name] += amount


def percentile(sums: Mapping[str, int], timing: Timing, share: float) -> float | None:
    """Return the milliseconds within which that share of the calls was, as near as can be told."""
    counts = [sums.get(f"{timing}{n}", 0) for n in range(len(BOUNDS) + 1)]
    wanted = share * sum(counts)
    lower = 0.0
    for bound, count in zip((*BOUNDS, BOUNDS[-1]), counts, strict=True):
        if count and wanted <= count:
            return lower + (bound - lower) * wanted / count
        wanted -= count
        lower = float(bound)
    return None


def dollars(nano: int) -> float:
    """Return the US dollars that a sum of costs stands for."""
    return nano / NANO
