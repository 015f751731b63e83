"""What is being made of one request: what it asked, what came so far, what it took."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from lisa.domain.errors import TooLarge
from lisa.domain.identity import Principal
from lisa.domain.model import Model
from lisa.domain.session import Session
from lisa.domain.turns.events import Assembler
from lisa.domain.turns.request import TurnRequest
from lisa.domain.turns.shapes import Wire
from lisa.domain.turns.turn import Measures
from lisa.ports.completions import Spent
from lisa.usecases.turns.live import LiveTurn

LARGEST_OUTPUT: Final = 32 * 1024 * 1024  # bytes of events; far more than any model says


@dataclass
class Work:
    """One turn in the making."""

    caller: Principal
    request: TurnRequest
    model: Model
    session: Session
    live: LiveTurn
    assembler: Assembler
    context: list[Wire]
    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    guarded: set[str] = field(default_factory=set)
    calls_made: int = 0
    cut_short: str = ""
    began: float = field(default_factory=time.perf_counter)
    first_token_ms: float | None = None
    spent: Spent = field(default_factory=Spent)
    told_bytes: int = 0

    @property
    def approvals(self) -> list[str]:
        """The tools that the caller agreed to for this whole session."""
        found = self.session.configuration.get("approvals")
        return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []

    def tell(self, events: Sequence[Wire]) -> None:
        """Let everybody know what came."""
        if self.first_token_ms is None and any(_is_said(event) for event in events):
            self.first_token_ms = self._milliseconds()
        before = self.live.size
        self.live.tell(events)
        self.told_bytes += self.live.size - before
        if self.told_bytes > LARGEST_OUTPUT:
            raise TooLarge("the answer grew too long", code="answer_too_large")

    def spend(self, spent: Spent) -> None:
        """Add what a call took."""
        self.spent.cost += spent.cost
        self.spent.price_source = spent.price_source or self.spent.price_source
        self.spent.served_by = spent.served_by or self.spent.served_by

    def measures(self) -> Measures:
        """Return what it took so far."""
        return Measures(
            first_token_ms=self.first_token_ms,
            total_ms=self._milliseconds(),
            cost=self.spent.cost if self.spent.price_source else None,
            price_source=self.spent.price_source,
            served_by=self.spent.served_by,
        )

    def _milliseconds(self) -> float:
        return round((time.perf_counter() - self.began) * 1000, 1)


def _is_said(event: Wire) -> bool:
    return str(event["type"]).endswith(".delta")
