"""How many replicas a model's load wants: a target is tracked, as AWS does for models there.

| metric     | what is to stand at the target                                                     |
|------------|------------------------------------------------------------------------------------|
| `requests` | calls per minute and replica, without those that were answered from memory         |
| `latency`  | seconds until an answer begins, on average                                         |
| `queue`    | calls under way per replica, on average: no engine here is asked for its own queue |
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lisa.domain.hosting import Scaling
from lisa.ports.hosts import Replica
from lisa.stores.model_reports import Minute, Use

BELIEVED_FOR: Final = timedelta(minutes=1)  # who says no more by then was called no more
LOW: Final = 0.9  # of the target, as on AWS
WORDS: Final = {
    "requests": "{} calls per minute and replica of {:g} wanted",
    "latency": "answers begin after {} s, of {:g} s wanted",
    "queue": "{} calls under way per replica of {:g} wanted",
}


@dataclass(frozen=True)
class Verdict:
    """How many there shall be, and why; if they stay as many, since when fewer might do."""

    replicas: int
    words: str = ""
    low_since: datetime | None = None


def load_of(uses: Iterable[Use], now: datetime) -> Minute | None:
    """Return what all gateways had a model do within a minute; None: nobody ever told."""
    told = [(each.minute, each.told) for each in uses if each.minute]
    minutes = [minute for minute, at in told if now - at < BELIEVED_FOR]
    if not told:
        return None
    return Minute(
        calls=sum(each.calls for each in minutes),
        answered=sum(each.answered for each in minutes),
        seconds=sum(each.seconds for each in minutes),
        under_way=sum(each.under_way for each in minutes),
    )


@dataclass(frozen=True)
class Tracking:
    """So many replicas are wanted so far within these bounds, and those are there."""

    scaling: Scaling
    count: int
    there: Sequence[Replica]

    def verdict(self, load: Minute | None, low_since: datetime | None, now: datetime) -> Verdict:
        """Return more of them at once, fewer when they were low for the cooldown."""
        tracked = self._tracked(load, now) if load else None
        if tracked is None:
            return Verdict(self.count)
        stands, wanted = tracked
        target = self.scaling.target
        words = WORDS[self.scaling.metric].format(f"{round(stands, 1):g}", target)
        if wanted > self.count:
            return Verdict(wanted, words)
        if stands >= LOW * target or any(self._is_new(each, now) for each in self.there):
            return Verdict(self.count)
        since = low_since or now
        passed = (now - since).total_seconds()
        if wanted < self.count and passed >= self.scaling.cooldown_seconds:
            return Verdict(wanted, words)
        return Verdict(self.count, low_since=since)

    def _tracked(self, load: Minute, now: datetime) -> tuple[float, int] | None:
        """Return where the metric stands, and how many would bring it to the target."""
        if self.scaling.metric == "latency":
            stands = _latency(load)
            judged = sum(each.healthy and not self._is_new(each, now) for each in self.there)
            if stands is None or not judged:
                return None
            return stands, self._bounded(judged * stands)
        total = load.calls if self.scaling.metric == "requests" else load.under_way
        return total / self.count, self._bounded(total)

    def _bounded(self, total: float) -> int:
        scaling = self.scaling
        wanted = math.ceil(total / scaling.target)
        return min(max(1, scaling.minimum, wanted), scaling.maximum)

    def _is_new(self, replica: Replica, now: datetime) -> bool:
        """Tell whether it answers, and hasn't been warmed up yet."""
        since = replica.since
        warmup = timedelta(seconds=self.scaling.warmup_seconds)
        return replica.healthy and since is not None and now - since < warmup


def _latency(load: Minute) -> float | None:
    """Return the mean; where nobody called, nobody waited."""
    if load.answered:
        return load.seconds / load.answered
    return None if load.calls or load.under_way else 0.0
