"""A request's input, read into items of the wire."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import Field, TypeAdapter, ValidationError

from lisa.domain.errors import Invalid
from lisa.domain.session import MAX_PARTS, Id
from lisa.domain.turns.shapes import THING, InputPart, OutputPart, Shape, Wire

MOST_ITEMS: Final = 10_000
ID: Final[TypeAdapter[str]] = TypeAdapter(Id)
STATUSES: Final = frozenset({"in_progress", "completed", "incomplete", "failed"})


class Said(Shape):
    """A message to a model."""

    type: Literal["message"] = "message"
    role: Literal["user", "system", "developer"]
    content: Annotated[list[InputPart], Field(max_length=MAX_PARTS)]


class Answered(Shape):
    """A message of a model's."""

    type: Literal["message"] = "message"
    role: Literal["assistant"]
    content: Annotated[list[OutputPart], Field(max_length=MAX_PARTS)]


Spoken: TypeAlias = Annotated[Said | Answered, Field(discriminator="role")]
SPOKEN: Final[TypeAdapter[Said | Answered]] = TypeAdapter(Spoken)


def read_input(given: object, field: str = "input") -> tuple[Wire, ...]:
    """Read the input of a request, or new items of a conversation.

    Raises `Invalid` that names the place. Items keep the ids that their caller gave them.
    """
    if isinstance(given, str):
        given = [{"role": "user", "content": given}]
    if not isinstance(given, Sequence) or len(given) > MOST_ITEMS:
        raise _wrong(field, f"should be a text, or a list of at most {MOST_ITEMS} items")
    return tuple(_item(item, f"{field}.{place}") for place, item in enumerate(given))


def _item(given: object, field: str) -> Wire:
    if not isinstance(given, Mapping):
        raise _wrong(field, "should be an object")
    kind = given.get("type") or "message"
    try:
        shape: Shape
        if kind == "message":
            shape = SPOKEN.validate_python({**given, "type": kind, "content": _parts(given)})
        else:
            shape = THING.validate_python(given)
    except ValidationError as fault:
        raise _unreadable(field, given, fault) from fault
    return {**_named(given, field), **shape.wire()}


def _parts(message: Mapping[str, Any]) -> object:
    content = message.get("content")
    if not isinstance(content, str):
        return content
    return [_as_text(content, message.get("role"))]


def _as_text(text: str, role: object) -> Wire:
    return {"type": "output_text" if role == "assistant" else "input_text", "text": text}


def _named(given: Mapping[str, Any], field: str) -> Wire:
    """Keep an item's own id and status; anything else of it is a matter of its shape."""
    kept: Wire = {}
    if given.get("id"):
        try:
            kept["id"] = ID.validate_python(given["id"])
        except ValidationError as fault:
            raise _wrong(f"{field}.id", fault.errors()[0]["msg"]) from fault
    if given.get("status") in STATUSES:
        kept["status"] = given["status"]
    return kept


def _unreadable(field: str, given: Mapping[str, Any], fault: ValidationError) -> Invalid:
    first = fault.errors()[0]
    kind = given.get("type") or "message"
    if kind != "message" and first["type"] == "union_tag_invalid":
        return Invalid(
            f"{field}: there is no item of type {str(kind)[:40]!r}",
            next_step="refer to earlier items by previous_response_id or conversation",
            code="unsupported_item",
        )
    within = first["loc"][1:]  # behind the name of the shape
    return _wrong(".".join((field, *(str(step) for step in within))), first["msg"])


def _wrong(field: str, why: str) -> Invalid:
    return Invalid(f"{field}: {why}", code="invalid_value")
