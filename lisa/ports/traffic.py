"""Traffic: how many calls models have under way, as far as the gateways tell."""

from typing import Protocol


class Traffic(Protocol):
    """Counts calls."""

    async def under_way(self, model_id: str) -> int:
        """Return how many calls of a model haven't ended."""
