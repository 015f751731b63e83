"""What one chunk of a chat completion says, however its engine spells it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lisa.domain.turns.shapes import Wire, known_annotations, known_logprobs

HALF: Final = "\ud800", "\udbff"  # the first half of a character that an engine cut in two


@dataclass(frozen=True)
class CallPiece:
    """A piece of a tool call; which one, its index or id tells."""

    index: int | None
    call_id: str
    name: str
    arguments: str


@dataclass(frozen=True)
class Piece:
    """A piece of the first choice."""

    reasoning: str = ""
    text: str = ""
    refusal: str = ""
    calls: tuple[CallPiece, ...] = ()
    annotations: tuple[Wire, ...] = ()
    logprobs: tuple[Wire, ...] = ()
    finish_reason: str = ""
    usage: Wire | None = None


def read_chunk(chunk: Mapping[str, Any]) -> Piece:
    """Read a chunk; what isn't there, or isn't what it should be, says nothing."""
    choice = next((one for one in _objects(chunk.get("choices")) if not one.get("index")), {})
    delta = _object(choice.get("delta"))
    text, thought = _content(delta.get("content"))
    usage = chunk.get("usage")
    return Piece(
        reasoning=_text(delta.get("reasoning_content")) or _text(delta.get("reasoning")) or thought,
        text=text,
        refusal=_text(delta.get("refusal")),
        calls=tuple(_call(one) for one in _objects(delta.get("tool_calls"))),
        annotations=tuple(known_annotations(delta.get("annotations"))),
        logprobs=tuple(known_logprobs(_object(choice.get("logprobs")).get("content"))),
        finish_reason=_text(choice.get("finish_reason")),
        usage=usage if isinstance(usage, dict) else None,
    )


def _content(found: object) -> tuple[str, str]:
    """Return the text and the thoughts of a delta's content, which may be a list of parts."""
    if not isinstance(found, list):
        return _text(found), ""
    parts = list(_objects(found))
    thoughts = (_content(part.get("thinking"))[0] for part in parts)
    return "".join(_text(part.get("text")) for part in parts), "".join(thoughts)


def _call(found: Mapping[str, Any]) -> CallPiece:
    function = _object(found.get("function"))
    index, arguments = found.get("index"), function.get("arguments")
    return CallPiece(
        index=index if isinstance(index, int) else None,
        call_id=_text(found.get("id")),
        name=_text(function.get("name")),
        arguments=json.dumps(arguments) if isinstance(arguments, dict) else _text(arguments),
    )


def _text(found: object) -> str:
    return found if isinstance(found, str) else ""


def _object(found: object) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}


def _objects(found: object) -> Iterator[Mapping[str, Any]]:
    return (
        (one for one in found if isinstance(one, Mapping)) if isinstance(found, list) else iter(())
    )


class Seam:
    """Joins characters that an engine cut in two, and replaces halves that stay alone."""

    def __init__(self) -> None:
        self._held = ""

    def whole(self, piece: str) -> str:
        """Return what can be shown by now."""
        said = self._held + piece
        self._held = said[-1:] if HALF[0] <= said[-1:] <= HALF[1] else ""
        return _joined(said[: len(said) - len(self._held)])

    def rest(self) -> str:
        """Return what was held back, at the end."""
        held, self._held = self._held, ""
        return _joined(held)


def _joined(said: str) -> str:
    return said.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class Tokens:
    """Adds up what the calls of a response used; an engine may tell it more than once a call."""

    def __init__(self) -> None:
        self._earlier: Wire | None = None
        self._now: Wire | None = None

    def told(self, usage: Wire) -> None:
        """Take what the call has used by now."""
        self._now = _as_response_usage(usage)

    def next_call(self) -> None:
        """Begin to count another call."""
        self._earlier, self._now = self.sum(), None

    def sum(self) -> Wire | None:
        """Return OpenAI's usage, or nothing while nothing is known."""
        if self._earlier is None or self._now is None:
            return self._earlier or self._now
        return _added(self._earlier, self._now)


def _added(one: Wire, other: Wire) -> Wire:
    return {
        name: _added(value, other[name]) if isinstance(value, dict) else value + other[name]
        for name, value in one.items()
    }


def _as_response_usage(usage: Wire) -> Wire:
    asked, made = _count(usage, "prompt_tokens"), _count(usage, "completion_tokens")
    of_asked = _object(usage.get("prompt_tokens_details"))
    of_made = _object(usage.get("completion_tokens_details"))
    return {
        "input_tokens": asked,
        "input_tokens_details": {
            "cached_tokens": _count(of_asked, "cached_tokens"),
            "cache_write_tokens": _count(of_asked, "cache_write_tokens"),
        },
        "output_tokens": made,
        "output_tokens_details": {"reasoning_tokens": _count(of_made, "reasoning_tokens")},
        "total_tokens": asked + made,
    }


def _count(told: Mapping[str, Any], name: str) -> int:
    count = told.get(name)
    return count if isinstance(count, int) and count > 0 else 0
