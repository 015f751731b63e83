"""A search of files while it goes on."""

from dataclasses import dataclass

from lisa.domain.turns.found import CALL
from lisa.domain.turns.growing import added, done
from lisa.domain.turns.shapes import Wire


@dataclass
class GrowingSearch:
    """One search; its queries are known from the beginning, what it found at its end."""

    id: str
    index: int
    queries: list[str]

    def shown(self, status: str) -> Wire:
        """Return the item."""
        own = {"id": self.id, "type": CALL, "status": status}
        return {**own, "queries": [*self.queries], "results": None}

    def begin(self) -> list[Wire]:
        """Announce it, and say that it is under way."""
        place = {"item_id": self.id, "output_index": self.index}
        steps = ("in_progress", "searching")
        told = [{"type": f"response.{CALL}.{step}", **place} for step in steps]
        return [added(self.index, self.shown("in_progress")), *told]

    def close(self, status: str) -> list[Wire]:
        """End it without results."""
        return [done(self.index, self.shown(status))]
