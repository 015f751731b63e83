"""What this process has served since it started, for whoever watches it from outside."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from lisa.domain.usage import Call
from lisa.domain.usage_sums import LEASE, Sums, count
from lisa.ports.calls import Ask

MOST_SERIES: Final = 1000  # so that a watcher's memory, and ours, stays bounded
OTHERS: Final = "(others)"


class Series(NamedTuple):
    """What sums are kept apart by."""

    model: str
    endpoint: str
    status: int


@dataclass
class MeteringTotals:
    """Counts calls, and knows how many are under way."""

    most_series: int = MOST_SERIES
    sums: dict[Series, Sums] = field(default_factory=dict, init=False)
    _under_way: dict[str, str] = field(default_factory=dict, init=False)

    def begin(self, ask: Ask) -> None:
        """Count the call as under way."""
        self._under_way[ask.id] = ask.model.id

    def note(self, call: Call) -> None:
        """Count the call as over."""
        self._under_way.pop(call.id, None)
        if call.endpoint == LEASE:
            return
        series = Series(call.model, call.endpoint, call.status)
        if series not in self.sums and len(self.sums) >= self.most_series:
            series = Series(OTHERS, OTHERS, call.status)
        count(call, self.sums.setdefault(series, Counter()))

    def under_way(self) -> Counter[str]:
        """Return how many calls each model is answering now."""
        return Counter(self._under_way.values())
