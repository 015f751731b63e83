"""The catalogue as the gateway reads it: cheap to ask whether it changed, then read whole."""

from typing import Protocol

from lisa.domain.model import Model


class Catalogue(Protocol):
    """Knows all models."""

    async def catalogue_version(self) -> str:
        """Return what differs after every change."""

    async def catalogue(self) -> tuple[Model, ...]:
        """Return all models."""
