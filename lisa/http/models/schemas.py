"""Models as they are sent: LISA's own fields, and ours beside them in the same style."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self

from pydantic import Field, JsonValue, model_validator
from pydantic.alias_generators import to_camel

from lisa.domain.errors import Invalid
from lisa.domain.hosting import EngineName, Hosting
from lisa.domain.model import (
    MOST_FALLBACKS,
    MOST_UPSTREAMS,
    Feature,
    ModelId,
    ModelType,
    Text,
    Upstream,
)
from lisa.http.models.hosted import HostingChange, HostingNew
from lisa.http.models.lisa_hosting import (
    AutoScaling,
    Balancer,
    Capacity,
    Container,
    ContainerChange,
    hosting_of,
)
from lisa.http.models.wire import CAMEL, Wire, WireLimits, WirePrices, WireTimeouts
from lisa.usecases.lifecycle.orders import Change
from lisa.usecases.model_rules import hosting_checked

LONGEST_KEY: Final = 8192
MOST_GROUPS: Final = 100
# How our model calls what is called otherwise on the wire.
OWN_NAMES: Final = {
    "model_description": "description",
    "model_type": "type",
    "allowed_groups": "groups",
}
CLEARED_BY_NULL: Final = {"prices", "context_window", "max_tokens"}
LISAS_HOSTING: Final = (
    "auto_scaling_config",
    "container_config",
    "inference_container",
    "instance_type",
    "load_balancer_config",
)
SPOKEN_BY_SERVERS: Final = ("openai/", "hosted_vllm/")

ApiKey = Annotated[str, Field(min_length=1, max_length=LONGEST_KEY, pattern=r"^[!-~]+$")]
Described = Annotated[str, Field(max_length=2000)]
Window = Annotated[int, Field(ge=1, le=10**9)]


class UpstreamIn(Upstream):
    """Where the model answers; `apiKey` is kept apart, and `key` then refers to it."""

    model_config = CAMEL

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
    guardrails_config: JsonValue = None

    def values(self) -> dict[str, object]:
        """Return what was given, by the names of our model."""
        if self.guardrails_config:
            raise _no_guardrails_yet()
        given = self.model_dump(
            include=ModelFields.model_fields.keys() - {"guardrails_config"},
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
            raise _not_there_yet()
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
    """A model to make. Where it answers is said as for a test; or LISA runs it.

    What it then runs on is said by `hosting`, or as in LISA by autoScalingConfig, containerConfig,
    inferenceContainer, instanceType and loadBalancerConfig together; `modelName` is what is loaded.
    """

    hosting: HostingNew | None = None
    auto_scaling_config: AutoScaling | None = None
    container_config: Container | None = None
    inference_container: EngineName | None = None
    instance_type: Annotated[str, Field(max_length=64)] | None = None
    load_balancer_config: Balancer | None = None

    @model_validator(mode="after")
    def _has_a_place(self) -> Self:
        if not self.is_somewhere() and not (self.hosting and self.hosting.weights):
            raise ValueError("give modelName or upstreams, or hosting with weights")
        return self

    def hosting_values(self) -> Mapping[str, object] | None:
        """Return what it runs on, by the names of our hosting; None where we don't run it."""
        given = [name for name in LISAS_HOSTING if _says_something(getattr(self, name))]
        if self.hosting is None and not given and self.hosting_type != "lisa_hosted":
            return None
        if self.hosting and given:
            raise _bad_hosting(f"give hosting or {to_camel(given[0])}, not both")
        loaded = {"weights": {"source": self.model_name}} if self.model_name else {}
        return {**loaded, **(self.hosting.values() if self.hosting else self._as_in_lisa())}

    def values(self) -> dict[str, object]:
        """Return what was given, by the names of our model."""
        if self.hosting_values() is None:
            return super().values()
        scaling = self.auto_scaling_config
        schedule = scaling.scheduling.schedule() if scaling and scaling.scheduling else None
        return {"streaming": False, **ModelFields.values(self), "schedule": schedule}

    def _as_in_lisa(self) -> Mapping[str, object]:
        engine, scaling = self.inference_container, self.auto_scaling_config
        container, balancer = self.container_config, self.load_balancer_config
        kind = self.instance_type
        if not (engine and scaling and container and kind and balancer):
            missing = [to_camel(name) for name in LISAS_HOSTING if getattr(self, name) is None]
            raise _bad_hosting(f"give {', '.join(missing)} as well, or hosting instead of all")
        return hosting_of(engine, kind, scaling, container, balancer)


class ModelUpdate(ModelFields):
    """What to change; with `version`, only if the model is still at that version.

    What isn't given stays; `null` takes away prices, contextWindow and maxTokens.
    """

    enabled: bool | None = None
    version: Annotated[int, Field(ge=1)] | None = None
    hosting: HostingChange | None = None
    auto_scaling_instance_config: Capacity | None = None
    container_config: ContainerChange | None = None

    @model_validator(mode="after")
    def _is_about_something(self) -> Self:
        given = self.model_fields_set - {"version"}
        if all(getattr(self, each) is None and each not in CLEARED_BY_NULL for each in given):
            raise ValueError("give at least one field to change")
        return self

    def hosting_change(self) -> Change | None:
        """Return what makes a hosting the wanted one; None where it stays as it is."""
        ours, further = self.hosting, (self.auto_scaling_instance_config, self.container_config)
        if not (ours or any(further)):
            return None

        def change(former: Hosting) -> Hosting:
            wanted = _with(former, ours.values()) if ours else former
            for each in further:
                wanted = _with(wanted, each.change(wanted)) if each else wanted
            return wanted

        return change


class ContextWindow(Wire):
    """How many tokens a model can look at."""

    context_window: Window


def _says_something(value: object) -> bool:
    return bool(value.model_fields_set) if isinstance(value, Wire) else bool(value)


def _with(former: Hosting, values: Mapping[str, object]) -> Hosting:
    kept = {name: getattr(former, name) for name in Hosting.model_fields}
    return hosting_checked({**kept, **values})


def _no_guardrails_yet() -> Invalid:
    return Invalid(
        "guardrailsConfig is not there yet",
        next_step="leave it out; guardrails come with a later release",
        code="not_yet",
    )


def _not_there_yet() -> Invalid:
    return Invalid(
        "a model that LISA runs can't be tried before it is there",
        next_step="create it: it is in service only when it has answered",
        code="not_testable",
    )


def _bad_hosting(message: str) -> Invalid:
    return Invalid(message, next_step="say once and wholly what it runs on", code="bad_hosting")
