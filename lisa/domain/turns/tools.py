"""The tools a request brings: functions of its caller, servers it may use, files to search."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from lisa.domain.errors import Invalid
from lisa.domain.turns.file_search import FILE_SEARCH, FileSearchTool
from lisa.domain.turns.shapes import Wire

MOST_TOOLS: Final = 128
Named: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=128)]
Function: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class _Tool(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


OneTool = TypeVar("OneTool", bound=BaseModel)


class FunctionTool(_Tool):
    """A function that the caller makes calls of."""

    type: Literal["function"] = "function"
    name: Function
    description: str | None = None
    parameters: Wire | None = None
    strict: bool | None = None

    def echo(self) -> Wire:
        """Return it as a response repeats it."""
        return self.model_dump(mode="json")

    def chat(self) -> Wire:
        """Return it as a chat completion takes it."""
        own = self.model_dump(mode="json", exclude={"type"}, exclude_none=True)
        return {"type": "function", "function": own}


class _Some(_Tool):
    tool_names: list[str] | None = None
    read_only: bool | None = None


class _Asking(_Tool):
    always: _Some | None = None
    never: _Some | None = None


def _some(given: Wire) -> Wire:
    return _Some.model_validate(given).model_dump(exclude_none=True)


def _asking(given: Wire) -> Wire:
    return _Asking.model_validate(given).model_dump(exclude_none=True)


class McpTool(_Tool):
    """A registered tool server that the model may use within this turn.

    `allowed_tools` and `require_approval` may hold OpenAI's filters: by `tool_names` or
    `read_only`, and by `always` and `never`.
    """

    type: Literal["mcp"] = "mcp"
    server_label: Named
    server_url: str | None = None
    server_description: str | None = None
    allowed_tools: tuple[str, ...] | Annotated[Wire, AfterValidator(_some)] | None = None
    require_approval: Literal["always", "never"] | Annotated[Wire, AfterValidator(_asking)] = (
        "always"
    )

    def echo(self) -> Wire:
        """Return it as a response repeats it."""
        return self.model_dump(mode="json")


class _ChosenFunction(_Tool):
    type: Literal["function"]
    name: Function


class _ChosenServer(_Tool):
    type: Literal["mcp"]
    server_label: Named
    name: str | None = None


class _ChosenSearch(_Tool):
    type: Literal["file_search"]


class _Allowed(_Tool):
    type: Literal["allowed_tools"]
    mode: Literal["auto", "required"]
    tools: list[Wire]


Word: TypeAlias = Literal["none", "auto", "required"]
Choice: TypeAlias = Word | Wire
WORDS: Final[Mapping[str, Word]] = {"none": "none", "auto": "auto", "required": "required"}
_Chosen: TypeAlias = _ChosenFunction | _ChosenServer | _ChosenSearch | _Allowed
CHOICE: Final[TypeAdapter[_Chosen]] = TypeAdapter(Annotated[_Chosen, Field(discriminator="type")])


@dataclass(frozen=True)
class Tools:
    """What a request brings."""

    functions: tuple[FunctionTool, ...] = ()
    servers: tuple[McpTool, ...] = ()
    file_search: FileSearchTool | None = None


def read_choice(given: object) -> Choice:
    """Read which tool the model is to call; raises `Invalid`."""
    if isinstance(given, str) and given in WORDS:
        return WORDS[given]
    try:
        return CHOICE.validate_python(given).model_dump(mode="json")
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(("tool_choice", *(str(step) for step in first["loc"][1:])))
        raise Invalid(f"{where}: {first['msg']}", code="invalid_value") from fault


def read_tools(given: object) -> Tools:
    """Read a request's tools; raises `Invalid` for what we don't offer."""
    if not isinstance(given, Sequence) or isinstance(given, str) or len(given) > MOST_TOOLS:
        raise Invalid(f"tools: should be a list of at most {MOST_TOOLS}", code="invalid_value")
    functions: list[FunctionTool] = []
    servers: list[McpTool] = []
    searches: list[FileSearchTool] = []
    for place, tool in enumerate(given):
        field = f"tools.{place}"
        if not isinstance(tool, Mapping):
            raise Invalid(f"{field}: should be an object", code="invalid_value")
        kind = tool.get("type")
        if kind == "function":
            functions.append(_checked(FunctionTool, tool, field))
        elif kind == "mcp":
            servers.append(_checked(McpTool, _server(tool, field), field))
        elif kind == FILE_SEARCH:
            searches.append(_search(tool, field))
        else:
            raise _not_offered(field, kind)
    _refuse_two_searches(functions, searches)
    return Tools(tuple(functions), tuple(servers), searches[0] if searches else None)


def _not_offered(field: str, kind: object) -> Invalid:
    return Invalid(
        f"{field}: there is no tool of type {str(kind)[:40]!r}",
        next_step="use function, mcp or file_search",
        code="unsupported_tool",
    )


def _search(tool: Mapping[str, Any], field: str) -> FileSearchTool:
    given = {name: value for name, value in tool.items() if value is not None}
    search = _checked(FileSearchTool, given, field)
    try:
        _ = search.where
    except Invalid as fault:
        raise Invalid(f"{field}.{fault.message}", code=fault.precise_code) from fault
    return search


def _refuse_two_searches(
    functions: Sequence[FunctionTool], searches: Sequence[FileSearchTool]
) -> None:
    """Refuse what a model couldn't tell apart."""
    others = [each for each in functions if each.name == FILE_SEARCH] if searches else []
    if len(searches) + len(others) > 1:
        raise Invalid(
            f"tools: two of them would be called {FILE_SEARCH}",
            next_step="name all stores in one file_search, and call your function otherwise",
            code="file_search_twice",
        )


def _server(tool: Mapping[str, Any], field: str) -> Wire:
    for name in ("headers", "authorization"):
        if tool.get(name):
            raise Invalid(
                f"{field}.{name}: a tool server's credentials are those it is registered with",
                next_step="leave it out, and give the server's credentials to its registration",
                code="credentials_by_reference",
            )
    if tool.get("connector_id"):
        raise Invalid(f"{field}.connector_id: there are no connectors", code="unsupported_tool")
    return {name: value for name, value in tool.items() if value is not None}


def _checked(shape: type[OneTool], tool: Mapping[str, Any], field: str) -> OneTool:
    try:
        return shape.model_validate(tool)
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join((field, *(str(step) for step in first["loc"])))
        raise Invalid(f"{where}: {first['msg']}", code="invalid_value") from fault
