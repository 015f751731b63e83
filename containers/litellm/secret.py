"""The secret that the gateway shows with each call."""

from dataclasses import dataclass

from lisa.domain.rotating import Rotating, read_rotating
from lisa.ports.secrets import Secrets


@dataclass(frozen=True)
class OwnSecret:
    """Knows it where it lies; a new one counts within a minute."""

    secrets: Secrets
    reference: str

    async def is_shown(self, given: str) -> bool:
        """Tell whether it is one of its words."""
        return (await self._known()).accepts(given)

    async def is_in(self, text: str) -> bool:
        """Tell whether it, or a word of it, is what somebody wants to give away."""
        known = await self._known()
        return any(known.accepts(word) for word in text.split(" "))

    async def _known(self) -> Rotating:
        return read_rotating(await self.secrets.resolve(self.reference))
