"""What a model's weights say of it, and what of that is written where nobody gave it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from lisa.declared import engines
from lisa.declared.catalogue import facts_of
from lisa.domain.errors import Forbidden
from lisa.domain.hosting import EngineName, Hosting, HostKind
from lisa.domain.model import Feature, FromWeights, Model, ModelType
from lisa.domain.weights import ModelFacts
from lisa.ports.weights import WeightsReader
from lisa.usecases.lifecycle.ground import hosting_of

FEATURES: Final = {"tools": "toolCalls", "reasoning": "reasoning", "vision": "imageInput"}
PARSES_CALLS: Final = "tool_call_parser"  # vLLM refuses tools without it
KEPT: Final = "from_weights"  # where a run's state has it


@dataclass(frozen=True)
class Weighed:
    """What was found, and what hinders finding more."""

    found: FromWeights
    hindrance: str = ""

    def told(self, model: Model) -> str:
        """Tell it of the model, as it will be."""
        new = model.model_copy(update=dict(_written(model, self.found)))
        window = f"context window {new.context_window:,}" if new.context_window else ""
        names = ", ".join(each.name for each in new.features)
        parts = (self.hindrance, window, f"features: {names}" if names else "")
        return "; ".join(filter(None, parts)) or "its weights don't tell of its context window"

    def state(self) -> dict[str, Any]:
        """Return what the run's later steps have to know of it."""
        return {KEPT: self.found.model_dump(mode="json")}


async def weighed(model: Model, reader: WeightsReader | None) -> Weighed:
    """Ask its weights; torn and missing files are `Invalid`, and so is what they can't do."""
    hosting, facts, hindrance = hosting_of(model), None, ""
    if reader and hosting.kind is not HostKind.SCRIPTED:  # which loads nothing
        try:
            facts = await reader.facts(hosting.weights)
        except Forbidden as refusal:  # its engine has other rights than we have
            hindrance = f"its weights were not looked into: {refusal.message}"
    known = facts or facts_of(hosting.weights.source) or ModelFacts()
    engines.refuse_beyond(hosting, known)
    window = engines.context_window(hosting, known)
    return Weighed(FromWeights(context_window=window, features=_features(model, known)), hindrance)


def written(model: Model, state: Mapping[str, Any]) -> Mapping[str, object]:
    """Return what changes in the model by what this run found."""
    return _written(model, FromWeights.model_validate(state[KEPT])) if KEPT in state else {}


def _written(model: Model, found: FromWeights) -> Mapping[str, object]:
    """Return it without what an administrator has given: what isn't from its former weights."""
    former = model.from_weights or FromWeights()
    changes: dict[str, object] = {"from_weights": found}
    if model.context_window in {None, former.context_window}:
        changes["context_window"] = found.context_window
    if model.features in {(), former.features}:
        changes["features"] = found.features
    return changes


def _features(model: Model, facts: ModelFacts) -> tuple[Feature, ...]:
    if model.type is not ModelType.TEXT:
        return ()
    able = [each for each in facts.features if each != "tools" or _passes_tools(hosting_of(model))]
    return tuple(Feature(name=FEATURES[each]) for each in able if each in FEATURES)


def _passes_tools(hosting: Hosting) -> bool:
    return hosting.engine is not EngineName.VLLM or PARSES_CALLS in hosting.options
