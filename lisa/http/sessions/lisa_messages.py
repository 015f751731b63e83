"""LISA's chat messages, to our items and back.

A LISA message has `type` (human, ai, system, tool) or OpenAI's `role`, `content` (text, or a list
of parts) and whatever else its client put there; that rest is kept as it came and given back.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from lisa.domain.errors import Invalid
from lisa.domain.session import Id, Item, Message, Part, Role
from lisa.usecases.files import FILE_ID
from lisa.usecases.history import Posted

ROLES: Final[Mapping[str, Role]] = {
    "human": "user",
    "ai": "assistant",
    "user": "user",
    "assistant": "assistant",
    "system": "system",
    "developer": "developer",
    "tool": "tool",
}
TYPES: Final[Mapping[str | None, str]] = {"user": "human", "assistant": "ai", "developer": "system"}
OWN_FIELDS: Final = frozenset({"id", "content"})
KEPT_AS: Final = "lisa"


class LisaMessage(BaseModel):
    """A message as LISA's clients post it; unknown fields are kept."""

    model_config = ConfigDict(extra="allow")

    id: Id | None = None
    type: str | None = None
    role: str | None = None
    content: str | list[str | Part] | None = ""


def to_posted(wire: LisaMessage, prefix: str) -> Posted:
    """Read a posted message; `prefix` is where the keys of this session's content begin."""
    named = wire.type or wire.role or ""
    role = ROLES.get(named.lower())
    if role is None:
        raise Invalid(
            f"a message has the type {named[:40]!r}",
            next_step=f"use one of {', '.join(ROLES)}",
            code="unknown_message_type",
        )
    rest = wire.model_dump(exclude=set(OWN_FIELDS), exclude_unset=True)
    kept: dict[str, JsonValue] = {"rest": rest, "plain": isinstance(wire.content, str)}
    parts = tuple(_to_parts(wire.content, role, prefix))
    try:
        message = Message(role=role, parts=parts, metadata={KEPT_AS: kept})
    except ValidationError as fault:
        raise Invalid(f"a message can't be kept: {fault.errors()[0]['msg']}") from fault
    return Posted(wire.id, message)


def _to_parts(content: str | Sequence[str | Part] | None, role: Role, prefix: str) -> list[Part]:
    if content is None:
        return []
    pieces = [content] if isinstance(content, str) else content
    return [_to_part(piece, role, prefix) for piece in pieces]


def _to_part(piece: str | Part, role: Role, prefix: str) -> Part:
    said = "output_text" if role == "assistant" else "input_text"
    if isinstance(piece, str):
        return {"type": said, "text": piece}
    image = piece.get("image_url")
    if piece.get("type") == "text" and isinstance(piece.get("text"), str):
        return {**piece, "type": said}
    if piece.get("type") == "image_url" and isinstance(image, dict):
        return _image(image, prefix)
    return piece


def _image(image: Mapping[str, JsonValue], prefix: str) -> Part:
    """Keep an image we hold by its id; a key outside this session is no key of the caller's."""
    key = image.get("s3_key")
    file_id = key.removeprefix(f"{prefix}files/") if isinstance(key, str) else ""
    rest = {name: value for name, value in image.items() if name not in {"url", "s3_key"}}
    if FILE_ID.fullmatch(file_id):
        return {"type": "input_image", "file_id": file_id, **rest}
    return {"type": "input_image", "image_url": image.get("url"), **rest}


def to_wire(item: Item, links: Mapping[str, str], prefix: str) -> dict[str, JsonValue]:
    """Show an item as a LISA message; `links` has a URL for each file."""
    kept = item.metadata.get(KEPT_AS)
    known = kept if isinstance(kept, dict) else {}
    rest = known.get("rest")
    named = dict(rest) if isinstance(rest, dict) else {}
    if not named.keys() & {"type", "role"}:
        named["type"] = TYPES.get(item.role, item.role or "tool")
    pieces = [_to_piece(part, links, prefix) for part in item.parts]
    texts = [part.get("text") for part in item.parts]
    alone = len(texts) <= 1 and all(isinstance(text, str) for text in texts)
    plain = known.get("plain", alone)
    content: JsonValue = (texts[0] if texts else "") if plain and alone else list(pieces)
    return {**named, "id": item.id, "content": content}


def file_ids(items: Sequence[Item]) -> set[str]:
    """Return the files that these items show."""
    found = (part.get("file_id") for item in items for part in item.parts)
    return {name for name in found if isinstance(name, str) and FILE_ID.fullmatch(name)}


def _to_piece(part: Part, links: Mapping[str, str], prefix: str) -> Part:
    if part.get("type") in {"input_text", "output_text"}:
        return {**part, "type": "text"}
    if part.get("type") != "input_image":
        return part
    rest = {name: part[name] for name in part if name not in {"type", "file_id", "image_url"}}
    file_id = str(part.get("file_id"))
    if file_id in links:
        held = {"url": links[file_id], "s3_key": f"{prefix}files/{file_id}"}
        return {"type": "image_url", "image_url": {**rest, **held}}
    return {"type": "image_url", "image_url": {**rest, "url": part.get("image_url")}}
