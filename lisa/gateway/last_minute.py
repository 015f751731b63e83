"""What happened within the last minute, from counters that only ever grow."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from lisa.stores.model_reports import Minute

MINUTE: Final = timedelta(minutes=1)


class Totals(NamedTuple):
    """What has been counted so far; `busy` are the seconds that all calls have lasted together."""

    calls: int = 0
    answered: int = 0
    seconds: float = 0.0
    busy: float = 0.0


@dataclass(slots=True)
class LastMinute:
    """Remembers what had been counted at each look of the last minute."""

    _looks: deque[tuple[datetime, Totals]] = field(default_factory=deque)

    def until(self, now: datetime, totals: Totals) -> Minute:
        """Return what was counted since the oldest look that it remembers."""
        looks = self._looks or deque([(now, Totals())])
        looks.append((now, totals))
        while now - looks[0][0] > MINUTE:
            looks.popleft()
        self._looks, before = looks, looks[0][1]
        return Minute(
            calls=totals.calls - before.calls,
            answered=totals.answered - before.answered,
            seconds=totals.seconds - before.seconds,
            under_way=(totals.busy - before.busy) / MINUTE.total_seconds(),
        )
