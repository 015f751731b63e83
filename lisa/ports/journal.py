"""The journal port: what a process knew of its calls, so that its death loses none of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from lisa.domain.usage import Call


@dataclass(frozen=True)
class Batch:
    """Calls that are stored together; the same id always stands for the same calls."""

    id: str
    calls: tuple[Call, ...]


class Leftover(Protocol):
    """The journal of a process that is no more, ours alone until it is let go."""

    def batches(self) -> Iterator[Batch]:
        """Return what may not be stored yet, each time the same.

        Calls that never ended are there as they were when they began.
        """

    def remove(self) -> None:
        """Forget it: everything is stored."""

    def let_go(self) -> None:
        """Leave it to whoever looks next."""


class Journal(Protocol):
    """Writes down at once and never fails: where it can't write, it says so in the log."""

    def begin(self, fields: Mapping[str, object]) -> None:
        """Keep what shall stand for a call if nothing more is heard of it: a `Call`'s fields."""

    def end(self, call: Call) -> None:
        """Keep how the call ended."""

    def batch(self, size: int) -> str:
        """Bind the next so many ended calls together, and name them."""

    def stored(self, batch: str) -> None:
        """Note that a batch is stored."""

    def renew(self, waiting: Sequence[Call]) -> None:
        """Forget what is stored, once it is much; `waiting` are the ended calls in no batch."""

    def set_aside(self) -> None:
        """Go on in a new journal; what isn't stored is left behind."""

    def close(self) -> None:
        """Write no more; what isn't stored is left behind."""

    async def left_behind(self) -> Sequence[Leftover]:
        """Return the journals that nobody writes any more; no one else gets them meanwhile."""
