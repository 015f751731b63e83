"""MiniLM as the two built-in models use it, off the event loop."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final, Protocol, TypeAlias

from local.builtin.batches import Batches

LONGEST: Final = 256  # tokens: what MiniLM was made for
WIDTH: Final = 384

Span: TypeAlias = tuple[int, int]
Tokens: TypeAlias = list[int]
Vector: TypeAlias = list[float]


class Encoding(Protocol):
    """Computes; each method takes its time."""

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Return each text's tokens, with the two that MiniLM puts around it."""

    def spans(self, text: str) -> list[Span]:
        """Return where in the text each of its tokens begins and ends."""

    def vectors(self, rows: Sequence[Tokens]) -> list[Vector]:
        """Return one vector of length 1 for each."""


class Texts:
    """The same, without holding anybody up."""

    def __init__(self, encoding: Encoding) -> None:
        self._encoding = encoding
        self._batches: Batches[Tokens, Vector] = Batches(encoding.vectors)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Compute vectors until the end of the context."""
        async with self._batches.running():
            yield

    async def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Return each text's tokens."""
        return await asyncio.to_thread(self._encoding.tokens, texts)

    async def spans(self, text: str) -> list[Span]:
        """Return where in the text each of its tokens begins and ends."""
        return await asyncio.to_thread(self._encoding.spans, text)

    async def vectors(self, rows: Sequence[Tokens]) -> list[Vector]:
        """Return one vector for each; `LimitReached` if too many wait already."""
        return await self._batches.results(rows)
