"""How a session's model is asked: what the known settings may be. Unknown ones are kept as sent.

The values reach the engine unchanged, so a setting that can mean nothing is refused when saved.
"""

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints, ValidationError

from lisa.domain.errors import Invalid
from lisa.domain.faults import named

MOST_TOKENS: Final = 10**9

Penalty: TypeAlias = Annotated[float, Field(ge=-2, le=2)]
Short: TypeAlias = Annotated[str, StringConstraints(max_length=200)]
Stop: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Tokens: TypeAlias = Annotated[int, Field(ge=1, le=MOST_TOKENS)]


class Known(BaseModel):
    """Settings of which some are known."""

    model_config = ConfigDict(frozen=True, strict=True, extra="allow")


class ModelArguments(Known):
    """What is sent to the engine with every call."""

    n: Annotated[int, Field(ge=1, le=128)] | None = None
    max_tokens: Tokens | None = None
    top_p: Annotated[float, Field(ge=0, le=1)] | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    frequency_penalty: Penalty | None = None
    presence_penalty: Penalty | None = None
    seed: Annotated[int, Field(ge=-(2**63), le=2**63 - 1)] | None = None
    stop: Stop | Annotated[list[Stop], Field(max_length=64)] | None = None
    reasoning_effort: Literal["none", "minimal", "low", "medium", "high", "xhigh"] | None = None


class ImageArguments(Known):
    """What is sent with a call that makes images; LISA's names."""

    size: Short | None = None
    numberOfImages: Annotated[int, Field(ge=1, le=10)] | None = None  # noqa: N815 - LISA's name
    quality: Short | None = None


class PromptConfiguration(Known):
    """What every call begins with."""

    promptTemplate: str | None = None  # noqa: N815 - LISA's name


class Arguments(Known):
    """Settings that LISA keeps at the top or under `sessionConfiguration`."""

    markdownDisplay: bool | None = None  # noqa: N815 - LISA's name
    streaming: bool | None = None
    showMetadata: bool | None = None  # noqa: N815 - LISA's name
    showReasoningContent: bool | None = None  # noqa: N815 - LISA's name
    max_tokens: Tokens | None = None
    chatHistoryBufferSize: Annotated[int, Field(ge=0, le=10**6)] | None = None  # noqa: N815 - LISA's name
    ragTopK: Annotated[int, Field(ge=0, le=10**4)] | None = None  # noqa: N815 - LISA's name
    modelArgs: ModelArguments | None = None  # noqa: N815 - LISA's name
    imageGenerationArgs: ImageArguments | None = None  # noqa: N815 - LISA's name


class SessionConfiguration(Arguments):
    """The whole of it."""

    model: Short | None = None
    approvals: Annotated[list[Annotated[str, Field(max_length=500)]], Field(max_length=500)] = []
    sessionConfiguration: Arguments | None = None  # noqa: N815 - LISA's name
    promptConfiguration: PromptConfiguration | None = None  # noqa: N815 - LISA's name


def accepted(configuration: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Return the configuration as it came, if what we know of it makes sense."""
    try:
        SessionConfiguration.model_validate(configuration)
    except ValidationError as fault:
        raise Invalid(
            named(fault, "configuration"),
            next_step="correct or leave out these settings",
            code="bad_configuration",
        ) from fault
    return configuration
