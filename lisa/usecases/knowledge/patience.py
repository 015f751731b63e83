"""Asks for embeddings as often as it takes: a busy model slows ingestion down, it fails nothing."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from lisa.domain.errors import Invalid, LimitReached, Unavailable
from lisa.ports.clock import Clock
from lisa.ports.embedding import Embedder, OnBehalf
from lisa.usecases.knowledge.halves import Ask, in_halves

BATCH: Final = 64
LONGEST_WAIT: Final = 30.0  # seconds, of one; whoever is to wait longer comes again
LONGEST_BUSY: Final = 300.0  # ... in all, for a model that has too much to do
LONGEST_SILENT: Final = 60.0  # ... in all, for one that doesn't answer
SHORTEST_WAIT: Final = 0.5


@dataclass(frozen=True)
class PatientEmbedder:
    """An embedder of which a bounded number of calls is under way.

    Raises as an `Embedder` does, `LimitReached` and `Unavailable` only after a while.
    """

    embedder: Embedder
    clock: Clock
    calls: asyncio.Semaphore
    _most: dict[str, int] = field(default_factory=dict, init=False)  # texts that fit a call

    async def embed(
        self, model: str, texts: Sequence[str], whose: OnBehalf
    ) -> list[Sequence[float]]:
        """Return a vector for each text; a model that takes fewer at once is asked more often."""
        most = self._most.get(model, BATCH)
        vectors: list[Sequence[float]] = []
        for start in range(0, len(texts), most):
            more, _ = await self._split(model, texts[start : start + most], whose)
            vectors += more
        return vectors

    async def _split(
        self, model: str, texts: Sequence[str], whose: OnBehalf
    ) -> tuple[list[Sequence[float]], bool]:
        """Return the vectors, and whether the model took all at once.

        Where it takes both halves, there were too many; else one of them was too long.
        """
        if len(texts) == 1:
            return [await in_halves(self._one(model, whose), texts[0])], True
        try:
            return await self._asked(model, texts, whose), True
        except Invalid:
            half = (len(texts) + 1) // 2
        first, first_fits = await self._split(model, texts[:half], whose)
        second, second_fits = await self._split(model, texts[half:], whose)
        if first_fits and second_fits and half > 1:
            self._most[model] = min(half, self._most.get(model, BATCH))
        return [*first, *second], False

    def _one(self, model: str, whose: OnBehalf) -> Ask:
        async def ask(text: str) -> Sequence[float]:
            (vector,) = await self._asked(model, [text], whose)
            return vector

        return ask

    async def _asked(
        self, model: str, texts: Sequence[str], whose: OnBehalf
    ) -> list[Sequence[float]]:
        busy = silent = 0.0
        while True:
            try:
                async with self.calls:
                    return await self.embedder.embed(model, texts, whose)
            except LimitReached as limit:
                wait = max(SHORTEST_WAIT, limit.retry_after)
                busy += wait
                if wait > LONGEST_WAIT or busy > LONGEST_BUSY:
                    raise
            except Unavailable as fault:
                wait = min(max(SHORTEST_WAIT, fault.retry_after), LONGEST_WAIT)
                silent += wait
                if silent > LONGEST_SILENT:
                    raise
            await self.clock.sleep(wait)
