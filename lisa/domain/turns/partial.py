"""What there is of a response whose log breaks off."""

from collections.abc import Sequence
from typing import Final

from lisa.domain.turns.shapes import Wire

TEXT_OF: Final = {
    "response.output_text.delta": "text",
    "response.reasoning_text.delta": "text",
    "response.refusal.delta": "refusal",
}
UNFINISHED: Final = {"image_generation_call": "failed"}


def partial(events: Sequence[Wire]) -> list[Wire]:
    """Rebuild the output items from their events; an item that wasn't done is incomplete."""
    items: dict[int, Wire] = {}
    for event in events:
        index = event.get("output_index")
        if isinstance(index, int):
            _apply(event, index, items)
    return [items[index] for index in sorted(items)]


def _apply(event: Wire, index: int, items: dict[int, Wire]) -> None:
    kind = event["type"]
    if kind == "response.output_item.added":
        items[index] = _unfinished(event["item"])
    elif kind == "response.output_item.done":
        items[index] = event["item"]
    elif "content_index" in event:
        _apply_to_content(event, items[index]["content"])
    elif kind.endswith("_arguments.delta"):
        items[index]["arguments"] += event["delta"]
    elif kind.endswith("_arguments.done"):
        items[index]["arguments"] = event["arguments"]


def _apply_to_content(event: Wire, content: list[Wire]) -> None:
    kind = event["type"]
    if kind == "response.content_part.added":
        content.append({**event["part"]})
        return
    part = content[event["content_index"]]
    if kind in TEXT_OF:
        part[TEXT_OF[kind]] += event["delta"]
        if event.get("logprobs"):
            part["logprobs"] = [*part["logprobs"], *event["logprobs"]]
    elif kind == "response.output_text.annotation.added":
        part["annotations"] = [*part["annotations"], event["annotation"]]


def _unfinished(item: Wire) -> Wire:
    own = {**item}
    if "content" in own:
        own["content"] = [*(own["content"] or [])]
    if "status" in own:
        own["status"] = UNFINISHED.get(own["type"], "incomplete")
    return own
