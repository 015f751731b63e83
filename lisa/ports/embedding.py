"""The embedding and reranking ports: models asked through the gateway, as somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class OnBehalf:
    """For whom a model is asked: whose limits, budget and usage it counts to.

    `groups` are those whose limits count too; None stands for those the person is known to have.
    """

    subject: str
    token_id: str | None = None
    groups: frozenset[str] | None = None


class Embedder(Protocol):
    """Turns texts into vectors.

    Raises `NotFound` for a model that isn't there, `LimitReached` with `retry_after`, `Invalid` in
    the model's words, `Unavailable` where it doesn't answer.
    """

    async def embed(
        self, model: str, texts: Sequence[str], whose: OnBehalf
    ) -> list[Sequence[float]]:
        """Return a vector of unit length for each text; any number of texts that fit a call."""


class Reranker(Protocol):
    """Orders texts by how well they answer; raises as `Embedder` does."""

    async def rank(
        self, model: str, question: str, texts: Sequence[str], whose: OnBehalf
    ) -> list[float]:
        """Return a score for each text; higher is better."""
