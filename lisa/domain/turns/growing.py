"""Output items while a model is still making them, and the events that tell of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from lisa.domain.turns.chunks import Seam
from lisa.domain.turns.shapes import Wire

PartType: TypeAlias = Literal["output_text", "refusal", "reasoning_text"]
TextType: TypeAlias = Literal["message", "reasoning"]
Cite: TypeAlias = Callable[[str], list[Wire]]  # what a whole text rests on
FIELD: Final = {"output_text": "text", "refusal": "refusal", "reasoning_text": "text"}


@dataclass
class GrowingPart:
    """A part of a message or of reasoning."""

    type: PartType
    place: Wire  # item_id, output_index, content_index
    said: list[str] = field(default_factory=list)
    annotations: list[Wire] = field(default_factory=list)
    logprobs: list[Wire] = field(default_factory=list)
    seam: Seam = field(default_factory=Seam)
    cite: Cite | None = None

    def shown(self) -> Wire:
        """Return the part as it is by now."""
        part: Wire = {"type": self.type, FIELD[self.type]: "".join(self.said)}
        if self.type == "output_text":
            part |= {"annotations": [*self.annotations], "logprobs": [*self.logprobs]}
        return part

    def begin(self) -> list[Wire]:
        """Announce it."""
        return [{"type": "response.content_part.added", **self.place, "part": self.shown()}]

    def grow(self, piece: str, logprobs: Sequence[Wire] = ()) -> list[Wire]:
        """Add a piece of text."""
        return self._add(self.seam.whole(piece), logprobs)

    def _add(self, text: str, logprobs: Sequence[Wire] = ()) -> list[Wire]:
        if not text:
            return []
        self.said.append(text)
        event: Wire = {"type": f"response.{self.type}.delta", **self.place, "delta": text}
        if self.type == "output_text":
            self.logprobs += logprobs
            event["logprobs"] = [*logprobs]
        return [event]

    def annotate(self, annotation: Wire) -> list[Wire]:
        """Add a citation."""
        self.annotations.append(annotation)
        return [
            {
                "type": "response.output_text.annotation.added",
                **self.place,
                "annotation_index": len(self.annotations) - 1,
                "annotation": annotation,
            }
        ]

    def close(self) -> list[Wire]:
        """Say that it is done."""
        events = [*self._add(self.seam.rest()), *self._cited()]
        part = self.shown()
        whole = {name: part[name] for name in (FIELD[self.type], "logprobs") if name in part}
        return [
            *events,
            {"type": f"response.{self.type}.done", **self.place, **whole},
            {"type": "response.content_part.done", **self.place, "part": part},
        ]

    def _cited(self) -> list[Wire]:
        if self.cite is None or self.type != "output_text":
            return []
        found = self.cite("".join(self.said))
        return [event for citation in found for event in self.annotate(citation)]


@dataclass
class GrowingText:
    """A message, or a piece of reasoning."""

    type: TextType
    id: str
    index: int
    done: list[Wire] = field(default_factory=list)
    part: GrowingPart | None = None
    cite: Cite | None = None

    def shown(self, status: str) -> Wire:
        """Return the item with those parts that are done."""
        of_kind: Wire = {"role": "assistant"} if self.type == "message" else {"summary": []}
        own = {"id": self.id, "type": self.type, "status": status}
        return {**own, **of_kind, "content": [*self.done]}

    def begin(self) -> list[Wire]:
        """Announce it."""
        return [added(self.index, self.shown("in_progress"))]

    def open_part(self, kind: PartType) -> tuple[list[Wire], GrowingPart]:
        """Return the part to add to: the one that is growing, or another of the right kind."""
        if self.part and self.part.type == kind:
            return [], self.part
        events = self.close_part()
        content = {"item_id": self.id, "output_index": self.index, "content_index": len(self.done)}
        self.part = GrowingPart(kind, content, cite=self.cite)
        return events + self.part.begin(), self.part

    def close_part(self) -> list[Wire]:
        """End the part that is growing."""
        if not self.part:
            return []
        events = self.part.close()
        self.done.append(self.part.shown())
        self.part = None
        return events

    def close(self, status: str) -> list[Wire]:
        """Say that it is done."""
        return [*self.close_part(), done(self.index, self.shown(status))]


def added(index: int, item: Wire) -> Wire:
    """Return the event that announces an item."""
    return {"type": "response.output_item.added", "output_index": index, "item": item}


def done(index: int, item: Wire) -> Wire:
    """Return the event that ends an item."""
    return {"type": "response.output_item.done", "output_index": index, "item": item}
