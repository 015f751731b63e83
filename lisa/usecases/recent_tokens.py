"""Remembers API tokens for under a second, so that a burst of calls is one read."""

from dataclasses import dataclass, field
from typing import Protocol

from lisa.domain.identity import Token
from lisa.ports.clock import Clock
from lisa.usecases.recent import Recent


class KeptTokens(Protocol):
    """Where tokens lie."""

    async def by_digest(self, digest: str) -> Token | None:
        """Return the token whose secret has this hash."""

    async def by_id(self, token_id: str) -> Token | None:
        """Return the token of this id, be it disabled or lately expired."""


@dataclass
class RecentTokens:
    """Finds tokens. A revoked one is found for less than a second more, an unknown one never."""

    store: KeptTokens
    clock: Clock
    _by_digest: Recent[Token | None] = field(init=False)
    _by_id: Recent[Token | None] = field(init=False)

    def __post_init__(self) -> None:
        """Remember only what exists: a token works as soon as it is made."""
        self._by_digest = Recent(self.store.by_digest, bool, self.clock)
        self._by_id = Recent(self.store.by_id, bool, self.clock)

    async def by_digest(self, digest: str) -> Token | None:
        """Return the token whose secret has this hash."""
        return await self._by_digest.find(digest)

    async def by_id(self, token_id: str) -> Token | None:
        """Return the token of this id, be it disabled or lately expired."""
        return await self._by_id.find(token_id)
