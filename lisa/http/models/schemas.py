"""Models as they are sent: LISA's own fields, and ours beside them in the same style."""

from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator
from pydantic.alias_generators import to_camel

from lisa.domain.errors import Invalid
from lisa.domain.identity import Limits
from lisa.domain.model import (
    MOST_FALLBACKS,
    MOST_UPSTREAMS,
    Feature,
    ModelId,
    ModelType,
    Prices,
    Text,
    Timeouts,
    Upstream,
)

LONGEST_KEY: Final = 8192
MOST_GROUPS: Final = 100
# How our model calls what is called otherwise on the wire.
OWN_NAMES: Final = {
    "model_description": "description",
    "model_type": "type",
    "allowed_groups": "groups",
}
CLEARED_BY_NULL: Final = {"prices", "context_window", "max_tokens"}
NOT_YET: Final = {
    "auto_scaling_config": "hosting",
    "auto_scaling_instance_config": "hosting",
    "container_config": "hosting",
    "inference_container": "hosting",
    "instance_type": "hosting",
    "load_balancer_config": "hosting",
    "guardrails_config": "guardrails",
}
SPOKEN_BY_SERVERS: Final = ("openai/", "hosted_vllm/")

ApiKey = Annotated[str, Field(min_length=1, max_length=LONGEST_KEY, pattern=r"^[!-~]+$")]
Described = Annotated[str, Field(max_length=2000)]
Window = Annotated[int, Field(ge=1, le=10**9)]


class Wire(BaseModel):
    """Names on the wire are in camel case."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class WireLimits(Limits):
    """What all calls to the model together may use."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class WirePrices(Prices):
    """US dollars per million tokens."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class WireTimeouts(Timeouts):
    """Seconds."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class UpstreamIn(Upstream):
    """Where the model answers; `apiKey` is kept apart, and `key` then refers to it."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    api_key: ApiKey | None = Field(default=None, repr=False)

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        if self.api_key and self.key:
            raise ValueError("give apiKey or key, not both")
        return self


class ModelFields(Wire):
    """What can be said of a model at any time; other keys are ignored."""

    model_description: Described | None = None
    model_type: ModelType | None = None
    streaming: bool | None = None
    features: Annotated[list[Feature], Field(max_length=64)] | None = None
    allowed_groups: Annotated[list[Text], Field(max_length=MOST_GROUPS)] | None = None
    upstreams: (
        Annotated[list[UpstreamIn], Field(min_length=1, max_length=MOST_UPSTREAMS)] | None
    ) = None
    fallbacks: Annotated[list[ModelId], Field(max_length=MOST_FALLBACKS)] | None = None
    limits: WireLimits | None = None
    prices: WirePrices | None = None
    timeouts: WireTimeouts | None = None
    context_window: Window | None = None
    max_tokens: Annotated[int, Field(ge=1, le=10**8)] | None = None
    cache_seconds: Annotated[int, Field(ge=0, le=86_400)] | None = None
    auto_scaling_config: JsonValue = None
    auto_scaling_instance_config: JsonValue = None
    container_config: JsonValue = None
    inference_container: JsonValue = None
    instance_type: JsonValue = None
    load_balancer_config: JsonValue = None
    guardrails_config: JsonValue = None

    def values(self) -> dict[str, object]:
        """Return what was given, by the names of our model."""
        for name, what in NOT_YET.items():
            if getattr(self, name):
                raise _not_yet(to_camel(name), what)
        given = self.model_dump(
            include=ModelFields.model_fields.keys() - NOT_YET.keys(),
            exclude={"upstreams": {"__all__": {"api_key"}}},
            exclude_unset=True,
        )
        return {
            OWN_NAMES.get(name, name): value
            for name, value in given.items()
            if value is not None or name in CLEARED_BY_NULL
        }

    def api_keys(self) -> dict[str, str]:
        """Return the keys that were given, by the upstreams' ids."""
        return {each.id: each.api_key for each in self.upstreams or () if each.api_key}


class ModelTest(ModelFields):
    """A model to try before it is made, or nothing but the `modelId` of one there is.

    Where it answers is said by `upstreams`, or as in LISA by `modelName` and `modelUrl`: a name
    like `bedrock/...` is called through LiteLLM; any other, and every `internal_hosted` one, at the
    URL of a server that speaks OpenAI.
    """

    model_id: ModelId
    model_name: Text | None = None
    model_url: Annotated[str, Field(max_length=2048)] | None = None
    api_key: ApiKey | None = Field(default=None, repr=False)
    hosting_type: Literal["third_party", "lisa_hosted", "internal_hosted"] = "third_party"

    @model_validator(mode="after")
    def _is_in_one_place(self) -> Self:
        if self.upstreams and (self.model_name or self.model_url or self.api_key):
            raise ValueError("give upstreams, or modelName with modelUrl and apiKey; not both")
        return self

    def is_somewhere(self) -> bool:
        """Tell whether it is said where the model answers."""
        return bool(self.upstreams or self.model_name)

    def values(self) -> dict[str, object]:
        """Return what was given, by the names of our model."""
        if self.hosting_type == "lisa_hosted":
            raise _not_yet("hostingType lisa_hosted", "hosting")
        given: dict[str, object] = {"streaming": False, **super().values()}
        return given if self.upstreams else {**given, "upstreams": [self._upstream()]}

    def api_keys(self) -> dict[str, str]:
        """Return the keys that were given, by the upstreams' ids."""
        return {"main": self.api_key} if self.api_key else super().api_keys()

    def _upstream(self) -> dict[str, str]:
        name, url = self.model_name or "", self.model_url or ""
        if self.hosting_type == "third_party" and "/" in name:
            return {"kind": "litellm", "target": name, "url": url}
        if not url:
            raise Invalid(
                f"{name} is nowhere to be found without modelUrl",
                next_step="send modelUrl, or a modelName with its provider like bedrock/...",
                code="no_url",
            )
        while name.startswith(SPOKEN_BY_SERVERS):
            name = name.partition("/")[2]
        return {"kind": "openai", "target": name, "url": url}


class ModelCreate(ModelTest):
    """A model to make. Where it answers is said as for a test."""

    @model_validator(mode="after")
    def _has_a_place(self) -> Self:
        if not self.is_somewhere():
            raise ValueError("give modelName or upstreams")
        return self


class ModelUpdate(ModelFields):
    """What to change; with `version`, only if the model is still at that version.

    What isn't given stays; `null` takes away prices, contextWindow and maxTokens.
    """

    enabled: bool | None = None
    version: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _is_about_something(self) -> Self:
        given = self.model_fields_set - {"version"}
        if all(getattr(self, each) is None and each not in CLEARED_BY_NULL for each in given):
            raise ValueError("give at least one field to change")
        return self


class ContextWindow(Wire):
    """How many tokens a model can look at."""

    context_window: Window


def _not_yet(name: str, what: str) -> Invalid:
    return Invalid(
        f"{name} is not there yet: this release of LISA calls models that run elsewhere",
        next_step=f"leave it out; {what} comes with a later release",
        code="not_yet",
    )
