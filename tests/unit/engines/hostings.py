"""Hostings as tests need them: a folder of weights on vLLM, unless told otherwise."""

from typing import Any

from lisa.declared.engine_options.engine import Place
from lisa.domain.hosting import EngineName, Hosting, HostKind, Weights
from lisa.domain.model import ModelType

FOLDER = "/models/tiny"


def hosting(engine: EngineName = EngineName.VLLM, source: str = FOLDER, **rest: Any) -> Hosting:
    """Return a hosting; `weights` may be given as a whole."""
    weights = rest.pop("weights", Weights(source=source))
    return Hosting(kind=HostKind.PROCESSES, engine=engine, weights=weights, **rest)


def place(weights: str = FOLDER, **rest: Any) -> Place:
    """Return a place on port 8123."""
    return Place(model_id="tiny", weights=weights, port=8123, **rest)


EMBEDDING = ModelType.EMBEDDING
