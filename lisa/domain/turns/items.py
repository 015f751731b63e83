"""Items between the wire and the session, and the path of them that leads to an answer."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from lisa.domain.errors import Invalid
from lisa.domain.session import Draft, Item, Status
from lisa.domain.turns.shapes import THING, AnyPart, OutputText, Wire

PART: Final[TypeAdapter[Any]] = TypeAdapter(AnyPart)
NOT_FIELDS: Final = frozenset({"id", "type", "status"})
KEPT_STATUS: Final[Mapping[str, Status]] = {
    "calling": "in_progress",
    "generating": "in_progress",
    "searching": "in_progress",
}
WITHOUT_STATUS: Final = frozenset(
    {"mcp_list_tools", "mcp_approval_request", "mcp_approval_response"}
)
OWN_STATUS: Final[Mapping[str, Mapping[Status, str]]] = {
    "mcp_call": {},
    "file_search_call": {},
    "image_generation_call": {"incomplete": "failed"},
}
OTHERWISE: Final[Mapping[Status, str]] = {"failed": "incomplete"}


def to_draft(
    wire: Wire, *, response_id: str | None, new_id: str, parent_id: str | None = None
) -> Draft:
    """Return an item of the wire as a session keeps it: under its own id, or else `new_id`."""
    kind = wire.get("type") or "message"
    status = wire.get("status") or "completed"
    kept = {
        "id": wire.get("id") or new_id,
        "parent_id": parent_id,
        "response_id": response_id,
        "type": kind,
        "status": KEPT_STATUS.get(status, status),
    }
    if kind == "message":
        kept |= {"role": wire.get("role"), "parts": wire.get("content") or ()}
    else:
        own = {name: value for name, value in wire.items() if name not in NOT_FIELDS}
        kept["parts"] = (own,)
    try:
        return Draft.model_validate(kept)
    except ValidationError as fault:
        first = fault.errors()[0]
        raise Invalid(
            f"an item's {'.'.join(str(step) for step in first['loc'])} can't be kept: "
            f"{first['msg']}",
            code="invalid_item",
        ) from fault


def to_wire(item: Item) -> Wire:
    """Show an item on the wire; what has no shape there becomes a message that quotes it."""
    if item.type == "message":
        return _message(item, item.role or "unknown", [_part(part, item) for part in item.parts])
    own = item.parts[0] if item.parts else {}
    try:
        thing = THING.validate_python({**own, "type": item.type})
    except ValidationError:
        quoted = json.dumps({"type": item.type, "parts": item.parts}, default=str)
        return _message(item, "unknown", [_output_text(quoted)])
    shown: Wire = {"id": item.id, **thing.wire()}
    if item.type not in WITHOUT_STATUS:
        shown["status"] = _status(item)
    return shown


def branch(items: Sequence[Item], leaf: str | None) -> list[Item]:
    """Return the path from the root to `leaf` in order, without what its owner removed.

    Without a leaf there is nothing above. Raises `Invalid` where the leaf isn't among the items.
    """
    by_id = {item.id: item for item in items}
    if leaf is not None and leaf not in by_id:
        raise unknown_parent(leaf)
    path: dict[str, Item] = {}
    while leaf and leaf in by_id and leaf not in path:
        path[leaf] = by_id[leaf]
        leaf = by_id[leaf].parent_id
    return [item for item in reversed(path.values()) if not item.removed]


def as_before(items: Sequence[Wire], former: Sequence[Wire]) -> Sequence[Wire]:
    """Return items under their former ids, where they say the very same as those before.

    Clients try again by themselves when they are refused; what they say stays said once.
    """
    if [_without_id(item) for item in items] != [_without_id(item) for item in former]:
        return items
    return [{**old, **new} for old, new in zip(former, items, strict=True)]


def _without_id(item: Wire) -> Wire:
    return {name: value for name, value in item.items() if name not in {"id", "status"}}


def unknown_parent(name: str) -> Invalid:
    """Return what is said of a parent that isn't in the session."""
    return Invalid(
        f"parent_id {name} is not an item of this session",
        next_step="name an item of this session, or leave parent_id out",
        code="unknown_parent",
    )


def _message(item: Item, role: str, content: list[Wire]) -> Wire:
    return {
        "id": item.id,
        "type": "message",
        "role": role,
        "status": OTHERWISE.get(item.status, item.status),
        "content": content,
    }


def _status(item: Item) -> str:
    return OWN_STATUS.get(item.type, OTHERWISE).get(item.status, item.status)


def _part(part: Mapping[str, Any], item: Item) -> Wire:
    """Show a part as the wire knows it, however a client of ours or of LISA's saved it."""
    assistant = item.role == "assistant"
    said = part.get("text")
    if isinstance(said, str) and part.get("type") in {None, "text", "input_text", "output_text"}:
        part = {**part, "type": "output_text" if assistant else "input_text"}
    if part.get("type") == "image_url":
        part = _image(part)
    try:
        shape = PART.validate_python(part)
    except ValidationError:
        quoted = json.dumps(part, default=str)
        return _output_text(quoted) if assistant else {"type": "input_text", "text": quoted}
    return dict(shape.wire())


def _image(part: Mapping[str, Any]) -> Wire:
    image = part.get("image_url")
    held = image if isinstance(image, Mapping) else {"url": image}
    known = {"image_url": held.get("url"), "file_id": held.get("file_id")}
    detail = {"detail": held["detail"]} if isinstance(held.get("detail"), str) else {}
    return {"type": "input_image", **known, **detail}


def _output_text(text: str) -> Wire:
    return OutputText(type="output_text", text=text).wire()
