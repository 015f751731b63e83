"""The access tokens port: believes a token of an identity provider, or doesn't."""

from typing import Protocol

from lisa.domain.claims import Claims


class AccessTokens(Protocol):
    """Verifies tokens that somebody else issued."""

    async def verify(self, token: str) -> Claims:
        """Return what the token says.

        Raises `Unauthenticated` for a token we don't believe, `Unavailable` where the issuer's
        keys can't be had and none are kept.
        """
