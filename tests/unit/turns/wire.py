"""What the `openai` package says is valid, and what a stream of events must look like."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import count
from typing import Any, get_args

from openai.types.conversations import ConversationItem
from openai.types.responses import Response, ResponseItem, ResponseStreamEvent
from pydantic import BaseModel, TypeAdapter

from lisa.domain.turns.events import Assembler
from lisa.domain.turns.request import TurnRequest
from lisa.domain.turns.response import shown
from lisa.domain.turns.shapes import Wire
from tests.unit.turns.made import turn

ENDS = {"response.completed", "response.incomplete", "response.failed"}


@cache
def _event_types() -> dict[str, type[BaseModel]]:
    kinds = get_args(get_args(ResponseStreamEvent)[0])
    return {get_args(kind.model_fields["type"].annotation)[0]: kind for kind in kinds}


def read_event(event: Wire) -> BaseModel:
    """Read an event as the package does, strictly: a type it doesn't know is an error."""
    return _event_types()[event["type"]].model_validate_json(json.dumps(event), strict=True)


def read_response(response: Wire) -> Response:
    return Response.model_validate_json(json.dumps(response), strict=True)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def read_input_item(item: Wire) -> Any:
    return _adapter(ResponseItem).validate_json(json.dumps(item), strict=True)


def read_conversation_item(item: Wire) -> Any:
    return _adapter(ConversationItem).validate_json(json.dumps(item), strict=True)


def assembler(
    names: dict[str, tuple[str, str]] | None = None, guarded: Iterable[str] = ()
) -> Assembler:
    numbers = count(1)
    echo = shown(turn(request=TurnRequest.read({"model": "demo", "input": "Hi"}).echo()), [])
    return Assembler(
        "resp_1", echo, lambda prefix: f"{prefix}_{next(numbers)}", names, set(guarded)
    )


def numbered(events: Sequence[Wire]) -> list[Wire]:
    return [{**event, "sequence_number": number} for number, event in enumerate(events)]


def checked(events: Sequence[Wire]) -> list[Wire]:
    """Return numbered events that the package reads, after a look at their order."""
    told = numbered(events)
    for event in told:
        read_event(event)
        json.dumps(event, ensure_ascii=False).encode()
    _look_at_frame(told)
    for index in range(len(told[-1]["response"]["output"])):
        _look_at_item([event for event in told if event.get("output_index") == index])
    assert [event["item"] for event in _in_order(told)] == told[-1]["response"]["output"]
    return told


def _look_at_frame(told: Sequence[Wire]) -> None:
    kinds = [event["type"] for event in told]
    assert kinds[:2] == ["response.created", "response.in_progress"]
    assert [kind in ENDS for kind in kinds] == [False] * (len(kinds) - 1) + [True]
    begun = [e["output_index"] for e in told if e["type"] == "response.output_item.added"]
    assert begun == list(range(len(begun)))


def _in_order(told: Sequence[Wire]) -> list[Wire]:
    done = [event for event in told if event["type"] == "response.output_item.done"]
    return sorted(done, key=lambda event: int(event["output_index"]))


def _look_at_item(events: Sequence[Wire]) -> None:
    """See that it begins, grows and ends, once, and that its texts are what its deltas say."""
    kinds = Counter(event["type"] for event in events)
    assert events[0]["type"] == "response.output_item.added"
    assert events[-1]["type"] == "response.output_item.done"
    assert kinds["response.output_item.added"] == kinds["response.output_item.done"] == 1
    item = events[-1]["item"]
    named = {event["item_id"] for event in events[1:-1]} | {events[0]["item"]["id"]}
    assert named == {item["id"]}
    for index, part in enumerate(item.get("content") or ()):
        _look_at_part([event for event in events if event.get("content_index") == index], part)
    if item["type"] == "function_call":
        assert deltas(events) == item["arguments"]


def _look_at_part(events: Sequence[Wire], part: Wire) -> None:
    assert events[0]["type"] == "response.content_part.added"
    assert events[-1]["type"] == "response.content_part.done"
    assert events[-1]["part"] == part
    assert deltas(events) == (part.get("text") or part.get("refusal") or "")


def deltas(events: Sequence[Wire]) -> str:
    return "".join(event["delta"] for event in events if event["type"].endswith(".delta"))
