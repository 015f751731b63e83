"""Secrets by reference: where one lies is written down, what it is only here."""

from typing import Protocol


class Secrets(Protocol):
    """Finds what a reference like `env:NAME` stands for."""

    async def resolve(self, reference: str) -> str:
        """Return the secret, from memory for up to a minute; `Unavailable` if it isn't there."""


class RenewableSecrets(Secrets, Protocol):
    """Secrets that may have been replaced where they lie while we remember them."""

    def forget(self, reference: str) -> None:
        """Look anew next time, unless that was done a moment ago."""


class SecretStore(Protocol):
    """Keeps secrets that were given to LISA itself; `Unavailable` where it can't."""

    async def put(self, name: str, value: str) -> str:
        """Keep a new secret; return its reference, which `Secrets` finds it by."""

    async def remove(self, reference: str) -> None:
        """Forget a secret; one that isn't there or was never put here is left alone."""
