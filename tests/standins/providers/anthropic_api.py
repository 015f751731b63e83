"""Stands in for Anthropic's own API: messages, their stream, and counting tokens."""

from typing import Any

from anthropic.types import (
    Message,
    MessageCountTokensParams,
    MessageTokensCount,
    RawMessageStreamEvent,
)
from anthropic.types.message_create_params import MessageCreateParamsBase
from pydantic import TypeAdapter

from tests.standins.providers.server import (
    Asked,
    Provider,
    Refused,
    Reply,
    as_events,
    as_json,
)

KEY = "made-up-key-of-anthropic"
OLDER = ("stream", "temperature", "top_k", "top_p")  # the SDK has them elsewhere
EVENT: TypeAdapter[Any] = TypeAdapter(RawMessageStreamEvent)
KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    404: "not_found_error",
    429: "rate_limit_error",
    529: "overloaded_error",
}


class StandInAnthropic(Provider):
    """Answers "Grüße 👋", or asks for the first tool it is offered."""

    def answer(self, asked: Asked) -> Reply:
        if asked.headers.get("x-api-key") != KEY:
            raise Refused(401, f"invalid x-api-key {asked.headers.get('x-api-key')}")
        if "anthropic-version" not in asked.headers:
            raise Refused(400, "anthropic-version: header is required")
        if asked.path == "/v1/messages/count_tokens":
            _check(asked.body, {*MessageCountTokensParams.__annotations__})
            return as_json(MessageTokensCount(input_tokens=42).model_dump())
        if asked.path != "/v1/messages":
            raise Refused(404, f"no route {asked.path}")
        _check(asked.body, self.known())
        tool = wanted_tool(asked.body)
        if asked.body.get("stream"):
            return as_events(self.going_on([_event(each) for each in events(asked.body, tool)]))
        return as_json(
            Message.model_validate(message(asked.body, tool)).model_dump(exclude_unset=True)
        )

    @staticmethod
    def known() -> set[str]:
        """Return the fields of a message."""
        return {*MessageCreateParamsBase.__annotations__, *OLDER}

    def error(self, status: int, message: str) -> Reply:
        return as_json(
            {"type": "error", "error": {"type": KINDS[status], "message": message}}, status
        )


def _check(body: dict[str, Any], known: set[str]) -> None:
    if unknown := body.keys() - known:
        raise Refused(400, f"{sorted(unknown)}: Extra inputs are not permitted")


def wanted_tool(body: dict[str, Any]) -> str:
    last = body["messages"][-1]["content"]
    answered = isinstance(last, list) and any(part["type"] == "tool_result" for part in last)
    return "" if answered or not body.get("tools") else body["tools"][0]["name"]


def message(body: dict[str, Any], tool: str) -> dict[str, Any]:
    use = {"type": "tool_use", "id": "toolu_1", "name": tool, "input": {"city": "Köln"}}
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": body["model"],
        "content": [use if tool else {"type": "text", "text": "Grüße 👋"}],
        "stop_reason": "tool_use" if tool else "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 11, "output_tokens": 7},
    }


def events(body: dict[str, Any], tool: str) -> list[dict[str, Any]]:
    whole = message(body, tool)
    begun = whole | {"content": [], "stop_reason": None}
    empty: dict[str, Any] = {"input": {}} if tool else {"text": ""}
    block = whole["content"][0] | empty
    deltas = [{"type": "text_delta", "text": text} for text in ("Grü", "ße ", "👋")]
    if tool:
        deltas = [
            {"type": "input_json_delta", "partial_json": text} for text in ('{"city": ', '"Köln"}')
        ]
    return [
        {"type": "message_start", "message": begun},
        {"type": "content_block_start", "index": 0, "content_block": block},
        *({"type": "content_block_delta", "index": 0, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": whole["stop_reason"], "stop_sequence": None},
            "usage": {"output_tokens": 7},
        },
        {"type": "message_stop"},
    ]


def _event(document: dict[str, Any]) -> bytes:
    event = EVENT.validate_python(document).model_dump_json(exclude_unset=True)
    return f"event: {document['type']}\ndata: {event}\n\n".encode()
