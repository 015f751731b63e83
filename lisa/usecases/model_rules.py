"""What a model must be like, whoever runs it, and what is said where it isn't."""

import re
from collections.abc import Mapping
from typing import Final

from pydantic import ValidationError

from lisa.domain.addresses import refuse_metadata
from lisa.domain.errors import Conflict, Invalid, NotFound
from lisa.domain.faults import named
from lisa.domain.hosting import Hosting
from lisa.domain.model import Model, ModelType
from lisa.stores.models import ModelStore

# Paths of the API and the pages that would otherwise be a model's.
TAKEN: Final = re.compile(
    r"metadata/.*|test|new|edit"
    r"|.*/(context-window|schedule(/status)?|events|replicas(/[^/]*/logs)?|removal)"
)


def checked(values: Mapping[str, object]) -> Model:
    """Return the model; whatever is wrong with it is named, never its value."""
    try:
        model = Model.model_validate(values)
    except ValidationError as fault:
        raise Invalid(
            named(fault, "model"), next_step="correct or leave out these fields", code="bad_model"
        ) from fault
    if model.type is ModelType.EMBEDDING and model.streaming:
        raise Invalid(
            "a model that makes embeddings can't stream",
            next_step="leave out `streaming`, or send false",
            code="bad_model",
        )
    for upstream in model.upstreams:
        refuse_metadata(upstream.url)
    return model


def hosting_checked(values: Mapping[str, object]) -> Hosting:
    """Return what a model runs on; whatever is wrong with it is named, never its value."""
    try:
        return Hosting.model_validate(values)
    except ValidationError as fault:
        raise Invalid(
            named(fault, "hosting"), next_step="correct or leave out these", code="bad_hosting"
        ) from fault


def refuse_unusable_id(model_id: str) -> None:
    """Refuse an id that could not stand in a path."""
    steps = model_id.split("/")
    if TAKEN.fullmatch(model_id) or {"", ".", ".."} & {*steps}:
        raise Invalid(
            f"no model can be called {model_id}: it stands in a path of the API",
            next_step="choose another id",
            code="bad_model_id",
        )


def refuse_litellm(model: Model) -> None:
    """Refuse a model that only the LiteLLM service could call, where there is none."""
    needing = [each.target for each in model.upstreams if each.kind == "litellm"]
    if needing:
        raise Invalid(
            f"{needing[0]} is called through the LiteLLM service, and this deployment has none",
            next_step="give the address where the provider speaks OpenAI's API, or deploy the "
            "gateway in a network (`serve.launch: fargate`)",
            code="no_litellm",
        )


async def refuse_unknown_fallbacks(store: ModelStore, model: Model) -> None:
    """Refuse fallbacks that are no other models."""
    for each in model.fallbacks:
        if each == model.id or await store.by_id(each) is None:
            raise Invalid(
                f"{each} can't be a fallback: it is no other model",
                next_step="`lisa models list` shows the ids",
                code="bad_fallback",
            )


def exists(model_id: str) -> Conflict:
    """Say that the id is taken."""
    return Conflict(
        f"there is a model {model_id} already",
        next_step="choose another id, or change that one",
        code="model_exists",
    )


def not_found(model_id: str) -> NotFound:
    """Say that there is none."""
    return NotFound(
        f"there is no model {model_id[:128]}",
        next_step="`lisa models list` shows the ids",
        code="model_not_found",
    )
