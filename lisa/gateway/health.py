"""Which upstreams are well: circuits that open on failures, and probes that close them again."""

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from lisa.domain.errors import LisaError
from lisa.domain.model import Timeouts
from lisa.ports.upstreams import Upstreams

FAILURES_THAT_OPEN: Final = 3
FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 8.0
PROBED_EVERY: Final = 0.5
PROBE: Final = Timeouts(connect=2, first_byte=3, idle=2, total=5)
SERVER_ERROR: Final = 500


@dataclass
class Circuit:
    """One upstream's health: closed means well; open means that calls go elsewhere.

    A probe that is answered closes it for a trial: the next failure opens it again, for longer.
    """

    failures: int = 0
    pause: float = 0.0
    until: float = 0.0
    is_open: bool = False

    def went_well(self) -> None:
        """Forget all failures."""
        self.failures, self.pause, self.is_open = 0, 0.0, False

    def answered_probe(self) -> None:
        """Let calls in again, on trial."""
        self.failures, self.is_open = FAILURES_THAT_OPEN - 1, False

    def failed(self, *, unreachable: bool = False) -> None:
        """Open at once for an upstream that isn't there, else after some failures in a row."""
        self.failures += 1
        if not self.is_open and (unreachable or self.failures >= FAILURES_THAT_OPEN):
            self.is_open = True
            self.wait_longer()

    def wait_longer(self) -> None:
        """Leave more time until the next probe."""
        self.pause = min(self.pause * 2 or FIRST_PAUSE, LONGEST_PAUSE)
        self.until = time.monotonic() + self.pause


@dataclass
class Slots:
    """How many calls are under way at one upstream of one model, and how it is."""

    circuit: Circuit = field(default_factory=Circuit)
    under_way: int = 0


@dataclass(frozen=True)
class Suspect:
    """An upstream that calls are kept from, and where to ask whether it is back."""

    circuit: Circuit
    url: str


@dataclass(frozen=True)
class Probes:
    """Asks upstreams that failed whether they are back."""

    upstreams: Upstreams
    suspects: Callable[[], Iterable[Suspect]]

    async def follow(self) -> None:
        """Probe, for as long as this process serves."""
        while True:
            await asyncio.sleep(PROBED_EVERY)
            now = time.monotonic()
            due = [each for each in self.suspects() if now >= each.circuit.until]
            await asyncio.gather(*(self._probe(each) for each in due))

    async def _probe(self, suspect: Suspect) -> None:
        """Any answer that isn't a server's failure will do: also a refusal shows life."""
        try:
            async with self.upstreams.send("GET", suspect.url, {}, b"", PROBE, "probes") as answer:
                alive = answer.status < SERVER_ERROR
        except LisaError:
            alive = False
        if alive:
            suspect.circuit.answered_probe()
        else:
            suspect.circuit.wait_longer()
