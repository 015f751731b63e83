"""Asking an upstream once whether it answers: a real call, as small as there is."""

from dataclasses import dataclass
from typing import Protocol

from lisa.domain.model import ModelType, Upstream


@dataclass(frozen=True)
class Probe:
    """What came of it: an empty cause means that it answered."""

    upstream: str
    milliseconds: int
    cause: str = ""
    message: str = ""
    next_step: str = ""

    @property
    def ok(self) -> bool:
        """Tell whether it answered as a model does."""
        return not self.cause


class Prober(Protocol):
    """Calls upstreams; a failure is an answer, never raised."""

    async def probe(self, name: str, kind: ModelType, upstream: Upstream) -> Probe:
        """Call one; it knows the model by `name` where it has no `target`."""
