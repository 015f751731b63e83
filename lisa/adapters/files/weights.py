"""Weights in folders of this machine."""

import asyncio
from pathlib import Path

from lisa.domain.errors import Invalid
from lisa.domain.hosting import Weights
from lisa.domain.weights import ModelFacts, Origin, origin_of
from lisa.domain.weights_folder import read_weights


class FolderWeights:
    """Reads them from the disk."""

    async def facts(self, weights: Weights) -> ModelFacts | None:
        """Tell what a folder or a GGUF file says of itself."""
        if origin_of(weights.source) is not Origin.FOLDER:
            return None
        return await asyncio.to_thread(_read, weights.source)


def _read(source: str) -> ModelFacts:
    try:
        return read_weights(Path(source))
    except OSError as error:
        raise Invalid(
            f"{source} can't be read: {error.strerror}",
            next_step="look at whom it belongs to",
            code="weights_unreadable",
        ) from error
