"""Who reads what weights say of their model, by where they lie."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from lisa.adapters.files.weights import FolderWeights
from lisa.domain.hosting import Weights
from lisa.domain.weights import ModelFacts, Origin, origin_of
from lisa.ports.weights import WeightsReader


@cache
def s3_weights() -> WeightsReader:
    """Return what reads from buckets; this loads AWS's SDK, which few local models need."""
    from lisa.adapters.s3.client import make_client  # noqa: PLC0415 - see above
    from lisa.adapters.s3.weights_reading import S3WeightsReader  # noqa: PLC0415 - see above

    return S3WeightsReader(make_client())


@dataclass(frozen=True)
class LocalWeights:
    """Reads from folders of this machine, and from buckets as whoever started LISA may."""

    folders: WeightsReader = field(default_factory=FolderWeights)
    buckets: Callable[[], WeightsReader] = s3_weights

    async def facts(self, weights: Weights) -> ModelFacts | None:
        """Ask whoever can read there."""
        if origin_of(weights.source) is not Origin.S3:
            return await self.folders.facts(weights)
        reader = await asyncio.to_thread(self.buckets)
        return await reader.facts(weights)
