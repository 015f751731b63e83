"""A model people can call by its id, and the upstreams that answer for it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field, StringConstraints, model_validator

from lisa.domain.frozen import Frozen
from lisa.domain.hosting import Hosting
from lisa.domain.identity import Limits
from lisa.domain.issuers import is_http_url
from lisa.domain.schedules import Schedule

ID_PATTERN: Final = r"^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,127}$"
REFERENCE_PATTERN: Final = r"^(env|file|secret|parameter):[A-Za-z0-9_./:@+=-]{1,512}$"
MOST_UPSTREAMS: Final = 32
MOST_FALLBACKS: Final = 8
GIVEN_WITH_THE_MODEL: Final = "model"  # who says what it costs, where no source is named

ModelId: TypeAlias = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
KeyReference: TypeAlias = Annotated[str, StringConstraints(pattern=REFERENCE_PATTERN)]
Words: TypeAlias = Annotated[str, StringConstraints(max_length=1000)]
Text: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=512)]


class ModelStatus(StrEnum):
    """Where a model is in its life, in LISA's own words."""

    CREATING = "Creating"
    IN_SERVICE = "InService"
    STARTING = "Starting"
    STOPPING = "Stopping"
    STOPPED = "Stopped"
    UPDATING = "Updating"
    DELETING = "Deleting"
    FAILED = "Failed"


class ModelType(StrEnum):
    """What a model makes."""

    TEXT = "textgen"
    IMAGE = "imagegen"
    VIDEO = "videogen"
    EMBEDDING = "embedding"
    RERANK = "rerank"
    SPEECH = "speech"
    TRANSCRIPTION = "transcription"


class Upstream(Frozen):
    """One place that answers for a model.

    Kind `openai` speaks OpenAI at `url` (which ends before `/chat/completions`, usually in `/v1`);
    kind `litellm` is reached through the LiteLLM service, `target` is LiteLLM's model string such
    as `bedrock/anthropic.claude-sonnet-4`, and `url` its `api_base`, if it needs one. `target` is
    the name by which an `openai` upstream knows the model; empty: our id. `key` is where the
    provider's key lies (`env:NAME`, `file:PATH`, `secret:ARN-OR-NAME`, `parameter:NAME`), never
    the key.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")] = "main"
    kind: Literal["openai", "litellm"] = "openai"
    url: Annotated[str, StringConstraints(max_length=2048)] = ""
    target: Annotated[str, StringConstraints(max_length=512)] = ""
    key: KeyReference | None = None
    weight: Annotated[int, Field(ge=0, le=1000)] = 1  # 0 takes it out of rotation
    concurrent: Annotated[int, Field(ge=1, le=10_000)] = 256

    @model_validator(mode="after")
    def _can_be_reached(self) -> "Upstream":
        if self.url and not is_http_url(self.url):
            raise ValueError("url must be an http:// or https:// address without credentials")
        if self.kind == "openai" and not self.url:
            raise ValueError("an openai upstream needs a url")
        if self.kind == "litellm" and "/" not in self.target:
            raise ValueError("a litellm upstream needs a target like bedrock/MODEL")
        return self


class Prices(Frozen):
    """US dollars per million tokens (per image for image models), and who says so."""

    prompt: Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)] = 0
    completion: Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)] = 0
    cached_prompt: Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)] | None = None
    image: Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)] = 0
    source: Annotated[str, StringConstraints(max_length=200)] = ""

    @property
    def told_by(self) -> str:
        """Return who says so: where nobody is named, the model's own entry, if it prices at all."""
        is_priced = self.prompt or self.completion or self.cached_prompt or self.image
        return self.source or (GIVEN_WITH_THE_MODEL if is_priced else "")


class Feature(Frozen):
    """Something a model can do that pages show or need to know."""

    name: Text
    overview: Annotated[str, StringConstraints(max_length=2000)] = ""


class FromWeights(Frozen):
    """What the weights of a model that we run said of it."""

    context_window: Annotated[int, Field(ge=1, le=10**9)] | None = None
    features: tuple[Feature, ...] = ()


class Timeouts(Frozen):
    """How many seconds each part of a call to an upstream may take."""

    connect: Annotated[float, Field(gt=0, le=60)] = 5
    first_byte: Annotated[float, Field(gt=0, le=3600)] = 120
    idle: Annotated[float, Field(gt=0, le=3600)] = 120
    total: Annotated[float, Field(gt=0, le=86_400)] = 3600


class Model(Frozen):
    """One model as we keep it. An empty `groups` lets everybody use it.

    `fallbacks` are other models, tried in order when no upstream answers, for callers who may use
    them. `max_tokens` is the most a call may produce; `version` counts changes. A model with
    `hosting` is run by us: what is `from_weights` stands in its own fields too, unless somebody
    gave another; `schedule` has been followed until `schedule_done` (not at all yet where that is
    missing), and what failed with `schedule_error` was tried `schedule_tries` times; `reason` says
    why it is where it is or what is being done, `next_step` what helps, and `run` is the workflow's
    run under way or, where none is, the last one.
    """

    id: ModelId
    status: ModelStatus = ModelStatus.IN_SERVICE
    type: ModelType = ModelType.TEXT
    description: Annotated[str, StringConstraints(max_length=2000)] = ""
    streaming: bool = True
    features: Annotated[tuple[Feature, ...], Field(max_length=64)] = ()
    groups: frozenset[Text] = frozenset()
    upstreams: Annotated[tuple[Upstream, ...], Field(max_length=MOST_UPSTREAMS)] = ()
    fallbacks: Annotated[tuple[ModelId, ...], Field(max_length=MOST_FALLBACKS)] = ()
    limits: Limits = Limits()
    prices: Prices | None = None
    timeouts: Timeouts = Timeouts()
    context_window: Annotated[int, Field(ge=1, le=10**9)] | None = None
    max_tokens: Annotated[int, Field(ge=1, le=10**8)] | None = None
    cache_seconds: Annotated[int, Field(ge=0, le=86_400)] = 0  # 0: answers aren't remembered
    built_in: bool = False
    hosting: Hosting | None = None
    from_weights: FromWeights | None = None
    schedule: Schedule | None = None
    schedule_done: datetime | None = None
    schedule_error: Words = ""
    schedule_tries: Annotated[int, Field(ge=0)] = 0
    reason: Words = ""
    next_step: Words = ""
    run: Annotated[str, StringConstraints(max_length=80)] = ""
    created: datetime
    created_by: str = ""
    changed: datetime
    version: int = 1

    @model_validator(mode="after")
    def _upstreams_differ(self) -> "Model":
        ids = [each.id for each in self.upstreams]
        if len(set(ids)) < len(ids):
            raise ValueError("two upstreams have the same id")
        return self

    @property
    def in_service(self) -> bool:
        """Tell whether it may be called."""
        return self.status is ModelStatus.IN_SERVICE
