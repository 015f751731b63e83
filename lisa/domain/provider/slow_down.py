"""How long somebody has to wait who got a password wrong too often."""

import math
from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict

FREE_TRIES: Final = 5
FREE_TRIES_OF_ADDRESS: Final = 20  # many people may share one
FIRST_WAIT: Final = timedelta(seconds=1)
LONGEST_WAIT: Final = timedelta(minutes=15)
FORGOTTEN_AFTER: Final = timedelta(hours=1)
MOST_DOUBLINGS: Final = 20


class Attempts(BaseModel):
    """Tries that failed, one after the other; nothing is tried before `wait_until`."""

    model_config = ConfigDict(frozen=True)

    failures: int = 0
    wait_until: datetime | None = None
    forgotten: datetime | None = None
    version: int = 0

    def seconds_to_wait(self, now: datetime) -> int:
        """Return how long nothing may be tried, in whole seconds."""
        if self.wait_until is None:
            return 0
        return max(0, math.ceil((self.wait_until - now).total_seconds()))

    def with_one_more(self, now: datetime, free: int) -> "Attempts":
        """Return them after another failure; from the last free one on each wait is doubled."""
        failures = self.failures + 1
        wait = timedelta()
        if failures >= free:
            wait = min(FIRST_WAIT * 2 ** min(failures - free, MOST_DOUBLINGS), LONGEST_WAIT)
        return Attempts(
            failures=failures,
            wait_until=now + wait,
            forgotten=now + wait + FORGOTTEN_AFTER,
            version=self.version + 1,
        )
