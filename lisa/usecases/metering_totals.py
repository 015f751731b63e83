"""What this process has served since it started, for whoever watches it from outside."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from lisa.domain.usage import Call
from lisa.domain.usage_sums import LEASE, Sums, count
from lisa.ports.calls import Ask

MOST_SERIES: Final = 1000  # so that a watcher's memory, and ours, stays bounded
OTHERS: Final = "(others)"
SUMMED_AT: Final = 200  # calls: many at once cost a fraction of each alone


class Series(NamedTuple):
    """What sums are kept apart by."""

    model: str
    endpoint: str
    status: int


@dataclass
class MeteringTotals:
    """Counts calls, and knows how many are under way."""

    most_series: int = MOST_SERIES
    _sums: dict[Series, Sums] = field(default_factory=dict, init=False)
    _noted: list[Call] = field(default_factory=list, init=False)
    _under_way: dict[str, str] = field(default_factory=dict, init=False)

    def begin(self, ask: Ask) -> None:
        """Count the call as under way."""
        self._under_way[ask.id] = ask.model.id

    def note(self, call: Call) -> None:
        """Count the call as over."""
        self._under_way.pop(call.id, None)
        if call.endpoint != LEASE:
            self._noted.append(call)
        if len(self._noted) >= SUMMED_AT:
            self._sum_up()

    @property
    def sums(self) -> dict[Series, Sums]:
        """Return the sums of all calls so far."""
        self._sum_up()
        return self._sums

    def under_way(self) -> Counter[str]:
        """Return how many calls each model is answering now."""
        return Counter(self._under_way.values())

    def _sum_up(self) -> None:
        noted, self._noted = self._noted, []
        by_series: dict[Series, list[Call]] = {}
        for call in noted:
            series = Series(call.model, call.endpoint, call.status)
            by_series.setdefault(series, []).append(call)
        for series, calls in by_series.items():
            kept_as = series
            if series not in self._sums and len(self._sums) >= self.most_series:
                kept_as = Series(OTHERS, OTHERS, series.status)
            count(calls, self._sums.setdefault(kept_as, Counter()))
