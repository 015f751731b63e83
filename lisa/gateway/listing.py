"""What callers are told about models: the lists of OpenAI, Anthropic and LiteLLM, secrets never."""

from typing import Any, Final

from lisa.domain.identity import Principal
from lisa.domain.model import Model, ModelType
from lisa.domain.usage import MILLION
from lisa.gateway.calls import may_use
from lisa.gateway.registry import Registry
from lisa.gateway.surface import Dialect

MODES: Final[dict[ModelType, str]] = {
    ModelType.TEXT: "chat",
    ModelType.EMBEDDING: "embedding",
    ModelType.IMAGE: "image_generation",
    ModelType.VIDEO: "video_generation",
    ModelType.RERANK: "rerank",
    ModelType.SPEECH: "audio_speech",
    ModelType.TRANSCRIPTION: "audio_transcription",
}


def list_models(registry: Registry, caller: Principal, dialect: Dialect) -> dict[str, Any]:
    """Return the models that the caller can use now."""
    found = [describe(model, dialect) for model in _usable(registry, caller)]
    if dialect is Dialect.OPENAI:
        return {"object": "list", "data": found}
    ids = [each["id"] for each in found] or [None]
    return {"data": found, "has_more": False, "first_id": ids[0], "last_id": ids[-1]}


def describe(model: Model, dialect: Dialect) -> dict[str, Any]:
    """Return one model in the caller's shape."""
    if dialect is Dialect.ANTHROPIC:
        made = model.created.isoformat().replace("+00:00", "Z")
        return {"type": "model", "id": model.id, "display_name": model.id, "created_at": made}
    created = int(model.created.timestamp())
    return {"id": model.id, "object": "model", "created": created, "owned_by": "lisa"}


def model_info(registry: Registry, caller: Principal) -> dict[str, Any]:
    """Return what LiteLLM's clients ask for."""
    return {"data": [_info(model) for model in _usable(registry, caller)]}


def _usable(registry: Registry, caller: Principal) -> list[Model]:
    return [model for model in registry.all() if model.in_service and may_use(caller, model)]


def _info(model: Model) -> dict[str, Any]:
    info: dict[str, Any] = {
        "id": model.id,
        "mode": MODES[model.type],
        "max_tokens": model.max_tokens,
        "max_input_tokens": model.context_window,
        "max_output_tokens": model.max_tokens,
    }
    if model.prices:
        info["input_cost_per_token"] = model.prices.prompt / MILLION
        info["output_cost_per_token"] = model.prices.completion / MILLION
    return {
        "model_name": model.id,
        "litellm_params": {"model": model.id},
        "model_info": info,
    }
