"""Which machines there are to rent."""

from collections.abc import Sequence
from typing import Protocol


class InstanceTypes(Protocol):
    """Knows the names of EC2's instance types."""

    async def names(self) -> Sequence[str]:
        """Return all of them, sorted."""
