"""The body of a chat completion, made of a request for a turn."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from lisa.domain.turns.file_search import FILE_SEARCH
from lisa.domain.turns.messages import Names, chat_messages, chat_name
from lisa.domain.turns.request import TurnRequest
from lisa.domain.turns.shapes import Wire

__all__ = ["Names", "chat_body", "chat_messages"]

WANTS_LOGPROBS: Final = "message.output_text.logprobs"


def chat_body(
    request: TurnRequest,
    messages: Sequence[Wire],
    tools: Sequence[Wire],
    names: Names | None = None,
    *,
    again: bool = False,
) -> Wire:
    """Return what to ask of the model.

    `tools` are all tools that are offered, the request's own functions (`FunctionTool.chat`) and
    those of servers, whose `names` a choice of the caller's is looked up in. `again`: a later call
    of the same turn, in which no tool is forced any more.
    """
    body: Wire = {
        "temperature": request.temperature,
        "top_p": request.top_p,
        "max_tokens": request.max_output_tokens,
        "response_format": _response_format(request),
        "reasoning_effort": request.reasoning.effort,
        "verbosity": request.text.verbosity,
        **_logprobs(request),
        **_tools(request, tools, names or {}, again=again),
        **request.lisa.chat,
    }
    return {
        "model": request.model,
        "messages": [*messages],
        **{name: value for name, value in body.items() if value is not None},
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def _response_format(request: TurnRequest) -> Wire | None:
    form = request.text.format
    if form.type == "text":
        return None
    if form.type == "json_object":
        return {"type": "json_object"}
    own = form.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"type"})
    return {"type": "json_schema", "json_schema": {"name": "answer", **own}}


def _logprobs(request: TurnRequest) -> Wire:
    if request.top_logprobs is None and WANTS_LOGPROBS not in request.include:
        return {}
    return {"logprobs": True, "top_logprobs": request.top_logprobs}


def _tools(request: TurnRequest, tools: Sequence[Wire], names: Names, *, again: bool) -> Wire:
    choice = request.tool_choice
    if isinstance(choice, dict) and choice.get("type") == "allowed_tools":
        allowed = {_named(each, names) for each in choice.get("tools") or ()}
        tools = [tool for tool in tools if tool["function"]["name"] in allowed]
        choice = choice.get("mode", "auto")
    if not tools:
        return {}
    return {
        "tools": [*tools],
        "tool_choice": _choice(choice, names, again=again),
        "parallel_tool_calls": request.parallel_tool_calls,
    }


def _choice(choice: str | Wire, names: Names, *, again: bool) -> str | Wire:
    if choice == "none" or not again:
        if isinstance(choice, str):
            return choice
        name = _named(choice, names)
        return {"type": "function", "function": {"name": name}} if name else "required"
    return "auto"


def _named(chosen: Mapping[str, Any], names: Names) -> str | None:
    """Return what a tool that the caller chose is called for the model."""
    if chosen.get("type") == FILE_SEARCH:
        return FILE_SEARCH
    name = chosen.get("name")
    if chosen.get("type") != "mcp" or not isinstance(name, str):
        return name
    return chat_name(str(chosen.get("server_label")), name, names)
