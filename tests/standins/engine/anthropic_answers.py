"""What the LiteLLM service says to Anthropic's SDK, made with that SDK's own types."""

from collections.abc import Iterator
from typing import Any

from anthropic.types import Message

from tests.standins.engine.answers import WORDS

INPUT, CACHED, OUTPUT = 9, 4, 5


def message(says: dict[str, Any]) -> dict[str, Any]:
    content: list[dict[str, Any]] = [{"type": "text", "text": "".join(WORDS)}]
    reason = "end_turn"
    if says.get("tools"):
        name = says["tools"][0]["name"]
        content = [{"type": "tool_use", "id": "toolu_1", "name": name, "input": {"city": "Zürich"}}]
        reason = "tool_use"
    return _made(says, content, reason, OUTPUT)


def events(says: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a stream's events with their names."""
    yield "message_start", {"message": _made(says, [], None, 1)}
    yield "content_block_start", {"index": 0, "content_block": {"type": "text", "text": ""}}
    for word in WORDS:
        yield "content_block_delta", {"index": 0, "delta": {"type": "text_delta", "text": word}}
    yield "content_block_stop", {"index": 0}
    delta = {"stop_reason": "end_turn", "stop_sequence": None}
    yield "message_delta", {"delta": delta, "usage": {"output_tokens": OUTPUT}}
    yield "message_stop", {}


def _made(
    says: dict[str, Any], content: list[dict[str, Any]], reason: str | None, output: int
) -> dict[str, Any]:
    told = {"input_tokens": INPUT, "output_tokens": output, "cache_read_input_tokens": CACHED}
    made = Message.model_validate(
        {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": says["model"],
            "content": content,
            "stop_reason": reason,
            "stop_sequence": None,
            "usage": told,
        }
    )
    return made.model_dump(mode="json", exclude_unset=True)
