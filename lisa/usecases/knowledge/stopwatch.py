"""How long the steps of something take, also where some run at the same time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from lisa.ports.clock import Clock


@dataclass
class Stopwatch:
    """Runs from its making on."""

    clock: Clock
    _began: datetime = field(init=False)
    _taken: dict[str, float] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Begin."""
        self._began = self.clock.now()

    @contextmanager
    def timing(self, step: str) -> Iterator[None]:
        """Time a step; of one that is done several times at once, the longest counts."""
        began = self.clock.now()
        yield
        seconds = (self.clock.now() - began).total_seconds()
        self._taken[step] = max(seconds, self._taken.get(step, 0))

    def timings(self) -> dict[str, float]:
        """Return the seconds of each step, and of all together."""
        total = (self.clock.now() - self._began).total_seconds()
        return {**self._taken, "total": total}
