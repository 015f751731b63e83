"""A response as it comes: chunks of a model's answers go in, OpenAI's events come out."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from lisa.domain.turns.calls import GrowingCall, call_of
from lisa.domain.turns.chunks import Piece, Tokens, read_chunk
from lisa.domain.turns.citing import Sources
from lisa.domain.turns.growing import GrowingPart, GrowingText, PartType, TextType
from lisa.domain.turns.partial import partial
from lisa.domain.turns.response import ended, on_its_way
from lisa.domain.turns.searches import GrowingSearch
from lisa.domain.turns.shapes import Wire
from lisa.domain.turns.whole import ending_of, events_of, whole_item

__all__ = ["Assembler", "ToolCall", "partial"]

CUT_SHORT: Final = {"length": "max_output_tokens", "content_filter": "content_filter"}
PREFIX: Final = {"message": "msg", "reasoning": "rs"}


@dataclass(frozen=True)
class ToolCall:
    """A call that the model asks for; without a server it is a function of the caller's.

    `item_id` names the item that is announced, or in a guarded call's case may still be.
    """

    item_id: str
    call_id: str
    chat_name: str
    arguments: str
    server_label: str | None = None
    tool: str = ""


class Assembler:
    """Makes one response's events and output, through as many calls of models as it takes.

    `echo` is the response as it begins: `shown(turn, [])`. `mcp_names` are the chat names of tools
    we call ourselves; those in `guarded` wait for a person's word, so their calls are collected in
    `tool_calls` without being announced. Both may change between two calls of a model.
    """

    def __init__(
        self,
        response_id: str,
        echo: Mapping[str, Any],
        new_id: Callable[[str], str],
        mcp_names: Mapping[str, tuple[str, str]] | None = None,
        guarded: Collection[str] = (),
    ) -> None:
        self.output: list[Wire] = []  # an item that is still open is there as it was announced
        self.tool_calls: list[ToolCall] = []  # of the last model call, once that is finished
        self.finish_reason = ""  # of the last model call
        self.sources = Sources()  # what answers may cite
        self._echo = {**echo, "id": response_id}
        self._new_id = new_id
        self._mcp_names = {} if mcp_names is None else mcp_names
        self._guarded = guarded
        self._text: GrowingText | None = None
        self._calls: list[GrowingCall] = []
        self._ours: dict[str, GrowingCall | GrowingSearch] = {}  # announced, without results yet
        self._tokens = Tokens()
        self._between_calls = False
        self._ended = False

    @property
    def usage(self) -> Wire | None:
        """Return what all calls used by now, as far as the models tell."""
        return self._tokens.sum()

    @property
    def cut_short(self) -> str:
        """Say why the last model call was cut short, in OpenAI's words; nothing if it wasn't."""
        return CUT_SHORT.get(self.finish_reason, "")

    def begin(self) -> list[Wire]:
        """Announce the response."""
        response = on_its_way(self._echo)
        return [
            {"type": "response.created", "response": response},
            {"type": "response.in_progress", "response": response},
        ]

    def take(self, chunk: Mapping[str, Any]) -> list[Wire]:
        """Take one chunk of a chat completion."""
        if self._ended:
            return []
        if self._between_calls:
            self._between_calls, self.finish_reason, self.tool_calls = False, "", []
        piece = read_chunk(chunk)
        if piece.usage:
            self._tokens.told(piece.usage)
        self.finish_reason = piece.finish_reason or self.finish_reason
        return [*self._said(piece), *self._asked(piece)]

    def finish_call(self) -> list[Wire]:
        """Close what the model call left open; calls of ours stay open until `add_item`."""
        return self._finish("incomplete" if self.cut_short else "completed")

    def add_item(self, item: Wire) -> list[Wire]:
        """Add a whole item of ours; one with the id of an announced call completes that call."""
        whole = whole_item(item, self._new_id)
        call = self._ours.pop(whole["id"], None)
        if call and call.index is not None:
            return self._kept(ending_of(whole, call.index))
        self.output.append(whole)
        return events_of(whole, len(self.output) - 1)

    def begin_search(self, item_id: str, queries: Sequence[str]) -> list[Wire]:
        """Announce a search; `add_item` completes it, or else the end of the response."""
        search = GrowingSearch(item_id, len(self.output), [*queries])
        self._ours[item_id] = search
        self.output.append(search.shown("in_progress"))
        return search.begin()

    def end(
        self,
        status: str,
        error: Mapping[str, Any] | None = None,
        reason: str = "",
        also: Mapping[str, Any] | None = None,
    ) -> list[Wire]:
        """End the response; what is still open is incomplete. `also` overlays the response.

        OpenAI has no event for a cancelled response: it ends as an incomplete one that says so.
        """
        if self._ended:
            return []
        events = self._finish("completed" if status == "completed" else "incomplete")
        for call in self._ours.values():
            events += self._kept(call.close("incomplete"))
        self._ended = True
        response = {**self._echo, "output": [*self.output], "usage": self.usage, **(also or {})}
        return [*events, ended(response, status, error, reason)]

    def _finish(self, status: str) -> list[Wire]:
        self.tool_calls = []
        events = self._close_text(status)
        for call in self._calls:
            events += self._close_call(call, status)
        self._calls = []
        self._tokens.next_call()
        self._between_calls = True
        return self._kept(events)

    def _close_call(self, call: GrowingCall, status: str) -> list[Wire]:
        """End a call; of one that was cut short nobody knows what it would have been."""
        events = call.close_arguments()
        if not call.name:
            return []
        if status != "completed":
            return events + call.close(status)
        label, tool = call.server or (None, "")
        self.tool_calls.append(
            ToolCall(call.id, call.call_id, call.name, call.arguments, label, tool)
        )
        if call.server and call.index is not None:
            self._ours[call.id] = call
            return events
        return events + call.close(status)

    def _said(self, piece: Piece) -> list[Wire]:
        events = self._grow("reasoning", "reasoning_text", piece.reasoning)
        events += self._grow("message", "output_text", piece.text, piece.logprobs)
        events += self._grow("message", "refusal", piece.refusal)
        for annotation in piece.annotations:
            opened, part = self._open("message", "output_text")
            events += opened + part.annotate(annotation)
        return events

    def _grow(
        self, kind: TextType, part_type: PartType, text: str, logprobs: Sequence[Wire] = ()
    ) -> list[Wire]:
        if not text:
            return []
        opened, part = self._open(kind, part_type)
        return opened + part.grow(text, logprobs)

    def _open(self, kind: TextType, part_type: PartType) -> tuple[list[Wire], GrowingPart]:
        """Return the part to add to; a model that changes the subject begins another item."""
        events: list[Wire] = []
        if self._text is None or self._text.type != kind:
            events += self._close_text("completed")
            name, cite = self._new_id(PREFIX[kind]), self.sources.citations
            self._text = GrowingText(kind, name, len(self.output), cite=cite)
            self.output.append(self._text.shown("in_progress"))
            events += self._text.begin()
        opened, part = self._text.open_part(part_type)
        return events + opened, part

    def _close_text(self, status: str) -> list[Wire]:
        text, self._text = self._text, None
        return self._kept(text.close(status)) if text else []

    def _asked(self, piece: Piece) -> list[Wire]:
        events = self._close_text("completed") if piece.calls else []
        for one in piece.calls:
            call = call_of(one, self._calls)
            if one.name and not call.name:
                events += self._named(call, one.name)
            events += call.grow(one.arguments)
        return events

    def _named(self, call: GrowingCall, name: str) -> list[Wire]:
        """Announce a call as soon as it is known of what, unless a person is to be asked."""
        call.name, call.server = name, self._mcp_names.get(name)
        guarded = name in self._guarded
        call.id = self._new_id("mcpr" if guarded else "mcp" if call.server else "fc")
        call.call_id = call.call_id or self._new_id("call")
        if guarded:
            return []
        events = call.announce(len(self.output))
        self.output.append(call.shown("in_progress", ""))
        return events

    def _kept(self, events: list[Wire]) -> list[Wire]:
        for event in events:
            if event["type"] == "response.output_item.done":
                self.output[event["output_index"]] = event["item"]
        return events
