"""What callers are told about models: the lists of OpenAI, Anthropic and LiteLLM, secrets never."""

from typing import Any, Final

from lisa.domain.identity import Principal
from lisa.domain.model import Model, ModelStatus, ModelType
from lisa.domain.usage import MILLION
from lisa.gateway.calls import Calls, may_use
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


def list_models(calls: Calls, caller: Principal, dialect: Dialect) -> dict[str, Any]:
    """Return the models that the caller can use now, also those that a call wakes."""
    found = [describe(model, dialect) for model in _usable(calls, caller)]
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


def model_info(calls: Calls, caller: Principal) -> dict[str, Any]:
    """Return what LiteLLM's clients ask for, and where a model is in its life."""
    return {"data": [_info(model) for model in _usable(calls, caller)]}


def _usable(calls: Calls, caller: Principal) -> list[Model]:
    there = [each for each in calls.registry.all() if each.status is not ModelStatus.CREATING]
    return [each for each in there if calls.can_call(each) and may_use(caller, each)]


def _info(model: Model) -> dict[str, Any]:
    info: dict[str, Any] = {
        "id": model.id,
        "mode": MODES[model.type],
        "status": model.status.value,
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
