"""Embeddings by any model of the gateway, in OpenAI's form."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lisa.adapters.gateway.calls import GatewayCalls, not_understood
from lisa.ports.embedding import OnBehalf


@dataclass(frozen=True)
class GatewayEmbedder:
    """Turns texts into vectors of unit length."""

    calls: GatewayCalls

    async def embed(
        self, model: str, texts: Sequence[str], whose: OnBehalf
    ) -> list[Sequence[float]]:
        """Return a vector for each text."""
        body = {"model": model, "input": list(texts), "encoding_format": "float"}
        answer = await self.calls.ask("/v1/embeddings", body, whose)
        try:
            vectors = {each["index"]: _unit(each["embedding"]) for each in answer["data"]}
            return [vectors[place] for place in range(len(texts))]
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise not_understood(model) from error


def _unit(vector: Any) -> Sequence[float]:
    length = math.hypot(*vector)
    if not length or not math.isfinite(length):
        raise ValueError("a vector without a direction")
    return vector if math.isclose(length, 1, rel_tol=1e-6) else [each / length for each in vector]
