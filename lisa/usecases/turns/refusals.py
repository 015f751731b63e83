"""Requests that can't become turns: refused before anything of them is kept."""

from collections.abc import Sequence
from typing import Final

from lisa.domain.errors import Forbidden, Invalid, TooLarge
from lisa.domain.model import Model, ModelType
from lisa.domain.turns.prompting import chat_messages
from lisa.domain.turns.request import TurnRequest
from lisa.domain.turns.shapes import Wire

LARGEST_ECHO: Final = 256 * 1024
ATTACHED: Final = frozenset({"input_file", "input_image"})
SERVED: Final = frozenset({ModelType.TEXT, ModelType.IMAGE})


def refuse_what_cannot_be(request: TurnRequest, model: Model, *, stored: bool) -> None:
    """Refuse what the model can't do, and what is too long to repeat."""
    if model.type not in SERVED:
        raise Invalid(
            f"the model `{model.id}` neither writes nor draws",
            next_step="name a model of type textgen or imagegen",
            code="model_not_for_responses",
        )
    if model.type is ModelType.IMAGE and not stored:
        raise Invalid(
            "images of responses are kept",
            next_step="ask without `store: false`, or at /v1/images/generations",
            code="store_needed",
        )
    if len(request.model_dump_json(exclude={"items"})) > LARGEST_ECHO:
        raise TooLarge(
            f"instructions and tools together are over {LARGEST_ECHO // 1024} KB",
            code="request_too_large",
        )


def refuse_what_answers_nothing(given: Sequence[Wire], context: Sequence[Wire]) -> None:
    """Refuse words and results for which nobody asked in this conversation."""
    asked = {item["id"] for item in context if item["type"] == "mcp_approval_request"}
    called = {item["call_id"] for item in context if item["type"] == "function_call"}
    for item in given:
        kind = item["type"]
        if kind == "mcp_approval_response" and item["approval_request_id"] not in asked:
            raise _unknown("approval request", item["approval_request_id"])
        if kind == "function_call_output" and item["call_id"] not in called:
            raise _unknown("function call", item["call_id"])


def refuse_what_says_nothing(request: TurnRequest, model: Model, context: Sequence[Wire]) -> None:
    """Refuse what leaves nothing to tell a model."""
    talks = model.type is ModelType.TEXT and request.lisa.summarise is None
    said = chat_messages(request.instructions, context) if talks else context
    if not said:
        raise Invalid("input: says nothing", code="invalid_value")


def has_files(context: Sequence[Wire]) -> bool:
    """Tell whether a conversation names or bears files or images for a model to look at."""
    contents = (item.get("content") for item in context)
    parts = (part for content in contents if isinstance(content, list) for part in content)
    return any(isinstance(part, dict) and part.get("type") in ATTACHED for part in parts)


def files_are_switched_off() -> Forbidden:
    """Return what is said where an administrator has switched off that models are told of files."""
    return Forbidden(
        "this conversation has a file, and an administrator has switched off uploadContextDocs",
        next_step="ask without it, remove the messages that have one, or ask an administrator",
        code="switched_off",
    )


def _unknown(what: str, name: str) -> Invalid:
    return Invalid(
        f"there is no {what} {name[:200]} in this conversation",
        next_step="answer in the conversation in which it was asked",
        code=f"unknown_{what.replace(' ', '_')}",
    )
