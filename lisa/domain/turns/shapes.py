"""The shapes of items and of what they hold, as they travel on OpenAI's wire."""

from typing import Annotated, Any, Final, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Field, TypeAdapter, model_validator

from lisa.domain.turns.annotations import known_annotations, known_logprobs
from lisa.domain.turns.found import FileSearchCall
from lisa.domain.turns.shape import Shape, Wire

__all__ = ["Shape", "Wire", "known_annotations", "known_logprobs"]


class InputText(Shape):
    """What somebody wrote to a model."""

    type: Literal["input_text"]
    text: str


class InputImage(Shape):
    """An image for a model to look at: by an id of ours, or by its address."""

    type: Literal["input_image"]
    detail: Literal["low", "high", "auto", "original"] = "auto"
    file_id: str | None = None
    image_url: str | None = None

    @model_validator(mode="after")
    def _is_there(self) -> Self:
        if not self.file_id and not self.image_url:
            raise ValueError("needs file_id or image_url")
        return self


class InputFile(Shape):
    """A file for a model to read: by an id of ours, or inline."""

    type: Literal["input_file"]
    file_id: str | None = None
    file_data: str | None = None
    filename: str | None = None

    @model_validator(mode="after")
    def _is_there(self) -> Self:
        if not self.file_id and not self.file_data:
            raise ValueError("needs file_id or file_data; files are not fetched from addresses")
        return self


class OutputText(Shape):
    """What a model wrote."""

    type: Literal["output_text"]
    text: str
    annotations: Annotated[list[Wire], BeforeValidator(known_annotations)] = Field(
        default_factory=list
    )
    logprobs: Annotated[list[Wire], BeforeValidator(known_logprobs)] = Field(default_factory=list)


class Refusal(Shape):
    """A model's refusal."""

    type: Literal["refusal"]
    refusal: str


InputPart: TypeAlias = Annotated[InputText | InputImage | InputFile, Field(discriminator="type")]
OutputPart: TypeAlias = Annotated[OutputText | Refusal, Field(discriminator="type")]
AnyPart: TypeAlias = Annotated[
    InputText | InputImage | InputFile | OutputText | Refusal, Field(discriminator="type")
]


class FunctionCall(Shape):
    """A call that the caller is to make."""

    type: Literal["function_call"]
    call_id: str
    name: str
    arguments: str


class FunctionCallOutput(Shape):
    """What the caller's function returned."""

    type: Literal["function_call_output"]
    call_id: str
    output: str | list[InputPart]


class Thought(Shape):
    """A part of a model's reasoning."""

    type: Literal["reasoning_text"]
    text: str


class Summary(Shape):
    """A summary of a model's reasoning."""

    type: Literal["summary_text"]
    text: str


class Reasoning(Shape):
    """What a model thought before it answered."""

    type: Literal["reasoning"]
    summary: list[Summary] = Field(default_factory=list)
    content: list[Thought] | None = None
    encrypted_content: str | None = None


class ListedTool(Shape):
    """A tool as its server describes it."""

    name: str
    description: str | None = None
    input_schema: Wire = Field(default_factory=dict)
    annotations: Wire | None = None


class McpListTools(Shape):
    """The tools of a server, or why they couldn't be listed."""

    type: Literal["mcp_list_tools"]
    server_label: str
    tools: list[ListedTool] = Field(default_factory=list)
    error: str | None = None


class HttpError(Shape):
    """The tool server couldn't be asked."""

    type: Literal["http_error", "mcp_protocol_error"]
    code: int
    message: str


class ToolFailed(Shape):
    """The tool itself failed."""

    type: Literal["mcp_tool_execution_error"]
    content: Any


def _as_tool_error(found: object) -> object:
    if isinstance(found, str):
        content = [{"type": "text", "text": found}]
        return {"type": "mcp_tool_execution_error", "content": content}
    return found


class McpCall(Shape):
    """A tool call that we made, and its result."""

    type: Literal["mcp_call"]
    server_label: str
    name: str
    arguments: str
    approval_request_id: str | None = None
    output: str | None = None
    error: Annotated[
        Annotated[HttpError | ToolFailed, Field(discriminator="type")] | None,
        BeforeValidator(_as_tool_error),
    ] = None


class McpApprovalRequest(Shape):
    """A tool call that waits for a person's word."""

    type: Literal["mcp_approval_request"]
    server_label: str
    name: str
    arguments: str


class McpApprovalResponse(Shape):
    """That word."""

    type: Literal["mcp_approval_response"]
    approval_request_id: str
    approve: bool
    reason: str | None = None


class ImageGenerationCall(Shape):
    """An image that a model made; `lisa` says where it lies."""

    type: Literal["image_generation_call"]
    result: str | None = None
    revised_prompt: str | None = None
    size: str | None = None
    lisa: Wire | None = None


Thing: TypeAlias = (
    FunctionCall
    | FunctionCallOutput
    | Reasoning
    | McpListTools
    | McpCall
    | McpApprovalRequest
    | McpApprovalResponse
    | ImageGenerationCall
    | FileSearchCall
)
THING: Final[TypeAdapter[Thing]] = TypeAdapter(Annotated[Thing, Field(discriminator="type")])
