"""Tool calls while a model is still writing them."""

from dataclasses import dataclass, field

from lisa.domain.turns.chunks import CallPiece, Seam
from lisa.domain.turns.growing import added, done
from lisa.domain.turns.shapes import Wire


@dataclass
class GrowingCall:
    """One call; with a `server` (label and tool) it is of a tool that we call ourselves.

    It is announced once it has a place in the output; what it says before that is kept.
    """

    id: str = ""
    slot: int | None = None
    call_id: str = ""
    name: str = ""
    server: tuple[str, str] | None = None
    index: int | None = None
    said: list[str] = field(default_factory=list)
    seam: Seam = field(default_factory=Seam)

    @property
    def kind(self) -> str:
        """Return the item's type."""
        return "mcp_call" if self.server else "function_call"

    @property
    def arguments(self) -> str:
        """Return the arguments by now; nobody promises that they are JSON."""
        return "".join(self.said)

    def shown(self, status: str, arguments: str) -> Wire:
        """Return the item."""
        item: Wire = {"id": self.id, "type": self.kind, "status": status, "arguments": arguments}
        if not self.server:
            return item | {"call_id": self.call_id, "name": self.name}
        label, tool = self.server
        unknown = {"approval_request_id": None, "output": None, "error": None}
        return item | {"server_label": label, "name": tool, **unknown}

    def announce(self, index: int) -> list[Wire]:
        """Give it its place in the output, and say what it said so far."""
        self.index = index
        events = [added(index, self.shown("in_progress", ""))]
        if self.server:
            events.append({"type": "response.mcp_call.in_progress", **self._place})
        return events + self._delta(self.arguments)

    def grow(self, piece: str) -> list[Wire]:
        """Add a piece of the arguments."""
        return self._add(self.seam.whole(piece))

    def close_arguments(self) -> list[Wire]:
        """Say that the arguments are done."""
        events = self._add(self.seam.rest())
        if self.index is None:
            return []
        told: Wire = {"type": f"response.{self.kind}_arguments.done", **self._place}
        told["arguments"] = self.arguments
        return [*events, told if self.server else told | {"name": self.name}]

    def close(self, status: str) -> list[Wire]:
        """End the item."""
        if self.index is None:
            return []
        return [done(self.index, self.shown(status, self.arguments))]

    def _add(self, text: str) -> list[Wire]:
        if text:
            self.said.append(text)
        return self._delta(text)

    def _delta(self, text: str) -> list[Wire]:
        if not text or self.index is None:
            return []
        return [{"type": f"response.{self.kind}_arguments.delta", **self._place, "delta": text}]

    @property
    def _place(self) -> Wire:
        return {"item_id": self.id, "output_index": self.index}


def call_of(piece: CallPiece, calls: list[GrowingCall]) -> GrowingCall:
    """Return the call that a piece belongs to; a new one is added to the calls.

    Engines leave out the index, or the id, or give all calls the same index.
    """
    found = _known(piece, calls)
    if found is None:
        found = GrowingCall(slot=piece.index)
        calls.append(found)
    found.call_id = found.call_id or piece.call_id
    return found


def _known(piece: CallPiece, calls: list[GrowingCall]) -> GrowingCall | None:
    same = [call for call in calls if piece.index is None or call.slot == piece.index]
    if piece.call_id:
        for call in same:
            if call.call_id == piece.call_id:
                return call
    return same[-1] if same and not _starts_another(piece, same[-1]) else None


def _starts_another(piece: CallPiece, last: GrowingCall) -> bool:
    other_id = bool(piece.call_id and last.call_id and piece.call_id != last.call_id)
    named = bool(piece.name and last.name)
    if piece.index is None:
        return named or other_id
    return named and (other_id or piece.name != last.name)
