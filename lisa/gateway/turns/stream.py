"""A model's stream of events, read: whole chunks from pieces that break anywhere."""

from collections.abc import Iterator
from typing import Any, Final

from pydantic_core import from_json

from lisa.domain.errors import Unavailable

LARGEST_EVENT: Final = 16 * 1024 * 1024
DATA: Final = b"data:"
END: Final = b"[DONE]"


class EventReader:
    """Takes bytes as they come and gives what they say."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._held = b""
        self._data: list[bytes] = []

    def take(self, piece: bytes) -> Iterator[bytes]:
        """Yield the data of each event that ends in this piece."""
        lines = (self._held + piece).split(b"\n")
        self._held = lines.pop()
        if len(self._held) > LARGEST_EVENT:
            raise _broken("an event of the model's stream doesn't end")
        for line in lines:
            yield from self._line(line.removesuffix(b"\r"))

    def rest(self) -> Iterator[bytes]:
        """Yield the last event, where the stream ended without the line that ends it."""
        yield from self._line(self._held.removesuffix(b"\r"))
        self._held = b""
        yield from self._line(b"")

    def _line(self, line: bytes) -> Iterator[bytes]:
        if line.startswith(DATA):
            self._data.append(line[len(DATA) :].removeprefix(b" "))
        elif not line and self._data:
            yield b"\n".join(self._data)
            self._data = []


def chunk_of(data: bytes) -> dict[str, Any] | None:
    """Return what an event's data says; nothing for the one that says that it was the last."""
    if data.strip() == END:
        return None
    try:
        says = from_json(data)
    except ValueError as error:
        raise _broken("an event of the model's stream isn't JSON") from error
    if not isinstance(says, dict):
        raise _broken("an event of the model's stream isn't an object")
    if told := says.get("error"):
        raise _broken(_message_of(told))
    return says


def chunk_of_whole(says: dict[str, Any]) -> dict[str, Any]:
    """Return the one chunk that says the same as a whole answer: not everything streams."""
    choices = says.get("choices")
    found = choices if isinstance(choices, list) else []
    return says | {"choices": [_delta_of(each) for each in found if isinstance(each, dict)]}


def _delta_of(choice: dict[str, Any]) -> dict[str, Any]:
    message = choice.get("message")
    delta = dict(message) if isinstance(message, dict) else {}
    calls = delta.get("tool_calls")
    if isinstance(calls, list):
        delta["tool_calls"] = [{"index": place, **call} for place, call in enumerate(calls)]
    return {**choice, "delta": delta}


def _message_of(error: object) -> str:
    said = error.get("message") if isinstance(error, dict) else error
    return str(said)[:1000]


def _broken(why: str) -> Unavailable:
    return Unavailable(why, next_step="try again", code="upstream_broke")
