"""What a caller asks of `POST /responses`, read once and typed."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Self, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from lisa.domain.errors import Invalid
from lisa.domain.session import Id
from lisa.domain.turns.file_search import FileSearchTool
from lisa.domain.turns.found import RESULTS
from lisa.domain.turns.inputs import read_input
from lisa.domain.turns.shapes import Wire
from lisa.domain.turns.tools import Choice, FunctionTool, McpTool, read_choice, read_tools

__all__ = ["FunctionTool", "LisaOptions", "McpTool", "Summarise", "TurnRequest"]

OURS: Final = frozenset(
    {"model", "messages", "stream", "stream_options", "tools", "tool_choice", "functions"}
)
LONGEST_ID: Final = 256
Includable: TypeAlias = Literal[
    "file_search_call.results",
    "web_search_call.results",
    "web_search_call.action.sources",
    "message.input_image.image_url",
    "computer_call_output.output.image_url",
    "code_interpreter_call.outputs",
    "reasoning.encrypted_content",
    "message.output_text.logprobs",
]
Label: TypeAlias = Annotated[str, StringConstraints(max_length=64)]
Note: TypeAlias = Annotated[str, StringConstraints(max_length=512)]


class Asked(BaseModel):
    """A part of a request; what we don't know of OpenAI's is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Summarise(Asked):
    """A document to summarise instead of a chat."""

    file_id: str
    style: Literal["concise", "overview", "own"] = "concise"
    prompt: str = ""


class LisaOptions(Asked):
    """Ours beside OpenAI's: where to branch, engine arguments, how long an approval holds."""

    parent_id: Id | None = None
    chat: Wire = Field(default_factory=dict)
    approval: Literal["once", "session", "always"] = "once"
    inline_images: bool = True
    summarise: Summarise | None = None

    @property
    def branches(self) -> bool:
        """Tell whether the caller said which item the input follows (`None` is the root)."""
        return "parent_id" in self.model_fields_set


class ReasoningOptions(Asked):
    """How much a model should think."""

    effort: Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"] | None = None
    summary: Literal["auto", "concise", "detailed"] | None = None


class TextFormat(Asked):
    """The form of an answer: text, JSON, or JSON of a schema."""

    type: Literal["text", "json_object", "json_schema"] = "text"
    name: str | None = None
    description: str | None = None
    shape: Wire | None = Field(default=None, alias="schema")
    strict: bool | None = None

    @model_validator(mode="after")
    def _has_its_schema(self) -> Self:
        if self.type == "json_schema" and (not self.name or self.shape is None):
            raise ValueError("needs a name and a schema")
        return self


class TextOptions(Asked):
    """How an answer is written."""

    format: Annotated[TextFormat, BeforeValidator(lambda given: given or {})] = TextFormat()
    verbosity: Literal["low", "medium", "high"] | None = None


class TurnRequest(Asked):
    """A request for a turn. `items` is its input as items of the wire, in order."""

    model: Annotated[str, StringConstraints(min_length=1, max_length=256)]
    items: tuple[Wire, ...] = ()
    instructions: str | None = None
    conversation_id: str | None = None
    previous_response_id: Annotated[str, StringConstraints(min_length=1)] | None = None
    store: bool | None = None
    stream: bool = False
    background: bool = False
    function_tools: tuple[FunctionTool, ...] = ()
    mcp_tools: tuple[McpTool, ...] = ()
    file_search: FileSearchTool | None = None
    tool_choice: Choice = "auto"
    parallel_tool_calls: bool | None = None
    max_tool_calls: Annotated[int, Field(ge=1)] | None = None
    max_output_tokens: Annotated[int, Field(ge=1)] | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    top_p: Annotated[float, Field(ge=0, le=1)] | None = None
    top_logprobs: Annotated[int, Field(ge=0, le=20)] | None = None
    include: tuple[Includable, ...] = ()
    reasoning: ReasoningOptions = ReasoningOptions()
    text: TextOptions = TextOptions()
    truncation: Literal["auto", "disabled"] = "disabled"
    metadata: Annotated[dict[Label, Note], Field(max_length=16)] = Field(default_factory=dict)
    user: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None
    lisa: LisaOptions = LisaOptions()

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """Read a request's body; raises `Invalid` that names the field."""
        given = {name: value for name, value in body.items() if value is not None}
        _refuse_contradictions(given)
        tools = read_tools(given.pop("tools", []))
        ours = {
            "items": read_input(given.pop("input", [])),
            "function_tools": tools.functions,
            "mcp_tools": tools.servers,
            "file_search": tools.file_search,
            "tool_choice": read_choice(given.pop("tool_choice", "auto")),
            "conversation_id": _conversation_id(given.pop("conversation", None)),
        }
        try:
            return cls.model_validate({**given, **ours})
        except ValidationError as fault:
            first = fault.errors()[0]
            raise _wrong(".".join(str(step) for step in first["loc"]), first["msg"]) from fault

    @property
    def shows_results(self) -> bool:
        """Tell whether the caller wants to be told what a search of files found."""
        return RESULTS in self.include

    def echo(self) -> Wire:
        """Return what a response repeats of its request."""
        tools = [tool.echo() for tool in self.function_tools]
        tools += [tool.echo() for tool in self.mcp_tools]
        tools += [self.file_search.echo()] if self.file_search else []
        own = self.model_dump(mode="json", include=REPEATED)
        told = {name: value for name, value in own.items() if name not in OMITTED or value}
        form = self.text.format.model_dump(mode="json", by_alias=True, exclude_none=True)
        return told | {
            "tools": tools,
            "tool_choice": self.tool_choice,
            "parallel_tool_calls": self.parallel_tool_calls is not False,
            "text": {"format": form, "verbosity": self.text.verbosity},
            "store": self.store is not False,
        }


REPEATED: Final = {
    "model",
    "instructions",
    "previous_response_id",
    "background",
    "max_tool_calls",
    "max_output_tokens",
    "temperature",
    "top_p",
    "top_logprobs",
    "reasoning",
    "truncation",
    "metadata",
    "user",
    "safety_identifier",
    "prompt_cache_key",
}
OMITTED: Final = {"user", "safety_identifier", "prompt_cache_key", "top_logprobs"}


def _wrong(field: str, why: str, code: str = "invalid_value") -> Invalid:
    return Invalid(f"{field}: {why}", code=code)


def _refuse_contradictions(given: Mapping[str, Any]) -> None:
    if "conversation" in given and "previous_response_id" in given:
        raise _wrong("conversation", "can't be given together with previous_response_id")
    if given.get("background") is True and given.get("store") is False:
        raise _wrong("background", "needs store: a turn that isn't kept can't be read later")
    if "prompt" in given:
        raise _wrong(
            "prompt", "stored prompts of OpenAI's are not known here", "unsupported_prompt"
        )
    ours = given.get("lisa")
    chat = ours.get("chat") if isinstance(ours, Mapping) else None
    if isinstance(chat, Mapping) and (taken := OURS & chat.keys()):
        raise _wrong(f"lisa.chat.{min(taken)}", "is said by the request itself")


def _conversation_id(given: object) -> str | None:
    named = given.get("id") if isinstance(given, Mapping) else given
    if given is None:
        return None
    if isinstance(named, str) and 0 < len(named) <= LONGEST_ID and "\0" not in named:
        return named
    raise _wrong("conversation", "should be an id, or an object that holds one")
