"""Secrets in this process's memory: gone when it ends."""

from lisa.domain.errors import Unavailable


class MemorySecrets:
    """Keeps secrets, and finds them."""

    def __init__(self) -> None:
        """Begin with none."""
        self._kept: dict[str, str] = {}

    def references(self) -> frozenset[str]:
        """Return where secrets are."""
        return frozenset(self._kept)

    async def put(self, name: str, value: str) -> str:
        """Keep a new secret; return its reference."""
        reference = f"secret:{name}"
        self._kept[reference] = value
        return reference

    async def remove(self, reference: str) -> None:
        """Forget a secret."""
        self._kept.pop(reference, None)

    async def resolve(self, reference: str) -> str:
        """Return the secret."""
        try:
            return self._kept[reference]
        except KeyError as error:
            raise Unavailable(f"there is no secret at {reference}") from error
