"""Models that order what was found: whoever searches names one, and has to be let use it."""

from lisa.domain.errors import NotFound
from lisa.domain.identity import Principal
from lisa.domain.model import ModelType
from lisa.domain.policy import Kind, Thing, Verb, decide
from lisa.stores.models import ModelStore


async def refuse_unusable_reranker(models: ModelStore, caller: Principal, model_id: str) -> None:
    """Refuse a model that ranks nothing, or that the caller may not use."""
    model = await models.by_id(model_id)
    thing = Thing(Kind.MODEL, model_id, groups=model.groups if model else frozenset())
    used = model is not None and decide(caller, Verb.USE, thing).allowed
    if model is None or not used or model.type is not ModelType.RERANK:
        raise NotFound(
            f"there is no model {model_id[:128]} that ranks passages",
            next_step="name one of type `rerank`, or search without",
            code="model_not_found",
        )
