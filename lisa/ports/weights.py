"""Asking a model's weights what they say of the model, wherever they lie."""

from typing import Protocol

from lisa.domain.hosting import Weights
from lisa.domain.weights import ModelFacts


class WeightsReader(Protocol):
    """Reads configurations and headers, never the weights themselves."""

    async def facts(self, weights: Weights) -> ModelFacts | None:
        """Tell what is known; None where they lie out of reach, as those of a hub do.

        Torn and missing files are `Invalid`, and `Forbidden` says that we may not look.
        """
