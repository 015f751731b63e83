"""Things to test with: chunks as engines send them, items as sessions keep them."""

from datetime import UTC, datetime
from typing import Any

from lisa.domain.session import Item
from lisa.domain.turns.shapes import Wire
from lisa.domain.turns.turn import Turn

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
USAGE = {"prompt_tokens": 11, "completion_tokens": 5, "total_tokens": 16}


def chunk(finish: str | None = None, index: int = 0, logprobs: Any = None, **delta: Any) -> Wire:
    choice = {"index": index, "delta": delta, "finish_reason": finish, "logprobs": logprobs}
    return {"id": "c", "object": "chat.completion.chunk", "model": "demo", "choices": [choice]}


def says(*pieces: str, finish: str | None = "stop") -> list[Wire]:
    told = [chunk(content=piece) for piece in pieces]
    return [chunk(role="assistant", content=""), *told, chunk(finish)]


def counts(**more: Any) -> Wire:
    return {"choices": [], "usage": USAGE | more}


def call(
    index: int | None = 0, call_id: str | None = None, name: str | None = None, args: Any = None
) -> Wire:
    """Return one piece of a tool call; what is None isn't there."""
    function = {"name": name, "arguments": args}
    piece: Wire = {"index": index, "id": call_id, "function": _there(function)}
    return _there(piece)


def calls(*pieces: Wire) -> Wire:
    return chunk(tool_calls=list(pieces))


def _there(found: Wire) -> Wire:
    return {name: value for name, value in found.items() if value is not None}


def item(item_id: str = "i", sequence: int = 1, **fields: Any) -> Item:
    return Item.model_validate(
        {"id": item_id, "sequence": sequence, "created": NOW, "parts": (), **fields}
    )


def turn(**fields: Any) -> Turn:
    own = {"id": "resp_1", "owner": "alice", "session_id": "s", "session_uid": "s_1"}
    return Turn.model_validate({**own, "model": "demo", "created": NOW, **fields})
