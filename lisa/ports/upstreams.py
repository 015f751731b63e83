"""Calling an upstream: one pooled connection per call, bytes as they come, nothing retried."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from lisa.domain.model import Timeouts


class Answer(Protocol):
    """An upstream's answer, from its headers on."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers by lower-case name."""

    def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body as it arrives; `Unavailable` if it breaks off or falls silent."""

    async def whole(self, at_most: int) -> bytes:
        """Return the body, if it isn't longer than that."""


class Upstreams(Protocol):
    """Sends requests; leaving the context cancels what is still under way."""

    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        timeouts: Timeouts,
        pool: str,
    ) -> AbstractAsyncContextManager[Answer]:
        """Send; `Unavailable` before the first byte means that nothing came back.

        `pool` names who shares connections: calls in one pool never wait for those of another.
        """
