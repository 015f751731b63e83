"""Answers on their way through: bytes as they came, watched for usage, minus unasked usage."""

import re
from typing import Any, Final, Protocol

from pydantic_core import from_json

from lisa.domain.errors import Unavailable
from lisa.domain.usage import Counts
from lisa.gateway.usage import CHARACTERS_PER_TOKEN, NAME, counts_from, find_usage

_BLANK_LINE: Final = re.compile(rb"\r?\n\r?\n")
_OPENAI: Final = re.compile(rb'"object"\s*:\s*"(?:chat\.completion\.chunk|text_completion)"')
_OPENAI_ENDS: Final = re.compile(rb'data:\s*\[DONE\]|"finish_reason"\s*:\s*"')
_ANTHROPIC: Final = re.compile(rb'"type"\s*:\s*"message_start"')
_ANTHROPIC_ENDS: Final = re.compile(rb'"type"\s*:\s*"message_stop"')
PROTOCOLS: Final = ((_OPENAI, _OPENAI_ENDS), (_ANTHROPIC, _ANTHROPIC_ENDS))
LOOKED_AT: Final = 1024  # bytes at either end of a stream, to tell whether it is whole
LONGEST_TAIL: Final = 64 * 1024
LONGEST_EVENT: Final = 1024 * 1024


class Passing(Protocol):
    """Sees every chunk of an answer and says what of it to send on."""

    def through(self, chunk: bytes) -> bytes:
        """Return what to send now; nothing means to wait for the next chunk."""

    def rest(self) -> bytes:
        """Return what was held back, once the answer has ended; `Unavailable` if too early."""

    def counts(self) -> Counts | None:
        """Return what the upstream said was used."""

    def completion_estimate(self) -> int:
        """Return about how many tokens passed."""


class Document:
    """An answer that is one document, such as JSON: its usage lies in its head or its tail."""

    __slots__ = ("_head", "_size", "_tail")

    def __init__(self) -> None:
        self._head, self._tail, self._size = b"", b"", 0

    def through(self, chunk: bytes) -> bytes:
        """Send everything on."""
        self._size += len(chunk)
        if not self._head:
            self._head = chunk
        else:
            self._tail = (self._tail + chunk)[-LONGEST_TAIL:]
        return chunk

    def rest(self) -> bytes:
        """Nothing is held back."""
        return b""

    def counts(self) -> Counts | None:
        """Look at the end first, where usage usually stands."""
        end = self._head[-LONGEST_TAIL:] + self._tail
        usage = find_usage(end) or find_usage(self._head)
        return counts_from(usage) if usage else None

    def completion_estimate(self) -> int:
        """Take a token for four bytes."""
        return self._size // CHARACTERS_PER_TOKEN


class Events:
    """A stream of events. With `drops_usage` an event that only tells usage goes no further.

    Whether a stream is whole can't be told from its bytes alone where it ends with the connection,
    so it has to end as its protocol says.
    """

    __slots__ = ("_before", "_drops", "_events", "_head", "_held", "_tail", "_usage")

    def __init__(self, *, drops_usage: bool) -> None:
        self._drops = drops_usage
        self._held = b""
        self._head, self._before, self._tail = b"", b"", b""
        self._events = 0
        self._usage: dict[str, Any] = {}

    def through(self, chunk: bytes) -> bytes:
        """Send whole events on; a part of one is held only where it may have to be dropped."""
        self._events += chunk.count(b"\n\n")
        if len(self._head) < LOOKED_AT:
            self._head += chunk[:LOOKED_AT]
        if not self._held and NAME not in chunk and chunk.endswith(b"\n\n"):
            self._before, self._tail = self._tail, chunk
            return chunk
        self._tail = (self._tail + chunk)[-LOOKED_AT:]
        waiting = self._held + chunk
        end = _end_of_last_event(waiting)
        whole, self._held = waiting[:end], waiting[end:]
        kept = self._kept(whole) if NAME in whole else whole
        if len(self._held) > LONGEST_EVENT:
            kept, self._held = kept + self._held, b""
        return kept if self._drops else chunk

    def rest(self) -> bytes:
        """Return the part of an event after which the answer ended."""
        if not self._is_whole():
            raise Unavailable("the upstream's answer broke off", code="upstream_broke")
        held, self._held = self._held, b""
        if NAME in held:
            held = self._kept(held)
        return held if self._drops else b""

    def counts(self) -> Counts | None:
        """Return what the events told, the later ones over the earlier."""
        return counts_from(self._usage) if self._usage else None

    def completion_estimate(self) -> int:
        """Take a token for each event."""
        return self._events

    def _is_whole(self) -> bool:
        """Tell whether it ended as its protocol says; of others nobody knows."""
        ends = (end for begin, end in PROTOCOLS if begin.search(self._head))
        tail = (self._before + self._tail)[-LOOKED_AT:]
        return all(end.search(tail) for end in ends)

    def _kept(self, whole: bytes) -> bytes:
        kept, start = [], 0
        ends = [match.end() for match in _BLANK_LINE.finditer(whole)]
        for end in [*ends, len(whole)]:
            event = whole[start:end]
            start = end
            if not self._tells_only_usage(event):
                kept.append(event)
        return b"".join(kept)

    def _tells_only_usage(self, event: bytes) -> bool:
        usage = find_usage(event) if NAME in event else None
        if usage is None:
            return False
        self._usage |= usage
        data = event.partition(b"data:")[2]
        try:
            says = from_json(data.strip())
        except ValueError:
            return False
        return isinstance(says, dict) and says.get("choices") == []


def _end_of_last_event(text: bytes) -> int:
    boundaries = ((boundary, text.rfind(boundary)) for boundary in (b"\n\n", b"\r\n\r\n"))
    return max(at + len(boundary) if at >= 0 else 0 for boundary, at in boundaries)
