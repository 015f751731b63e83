"""Stands in for Bedrock's runtime: Converse, and InvokeModel of Claude and of Titan embeddings."""

import base64
import json
from typing import Any

from tests.standins.providers import anthropic_api as claude
from tests.standins.providers.aws_wire import (
    check,
    check_signature,
    check_whole,
    event,
    exception,
    path_parts,
    service,
)
from tests.standins.providers.server import Asked, Provider, Refused, Reply, as_json

USAGE = {"inputTokens": 11, "outputTokens": 7, "totalTokens": 18}
PATH = r"/model/(?P<model>.+)/(?P<operation>(converse|invoke)(-stream|-with-response-stream)?)"
OF_CLAUDE = {
    "anthropic_beta",
    "anthropic_version",
    "max_tokens",
    "messages",
    "stop_sequences",
    "system",
    "temperature",
    "thinking",
    "tool_choice",
    "tools",
    "top_k",
    "top_p",
}
STREAM_EVENTS = "application/vnd.amazon.eventstream"


class StandInBedrock(Provider):
    """Answers "Grüße 👋", or asks for the first tool it is offered."""

    broken_by = ""  # an exception that ends the stream in its middle

    def answer(self, asked: Asked) -> Reply:
        check_signature(asked, self.url, "bedrock")
        found = path_parts(PATH, asked.path)
        if found["operation"].startswith("invoke"):
            return self._invoked(found["model"], asked.body)
        name = "Converse" if found["operation"] == "converse" else "ConverseStream"
        operation = service("bedrock-runtime").operation_model(name)
        check_whole(operation.input_shape, {"modelId": found["model"], **asked.body})
        tool = _wanted_tool(asked.body)
        if name == "Converse":
            reply = _message(tool)
            check(operation.output_shape, reply)
            return as_json(reply)
        frames = [event(*each) for each in _events(tool)]
        if self.broken_by:
            frames = [*frames[:2], exception(self.broken_by, "it broke")]
        return Reply(200, self.going_on(frames), {"content-type": STREAM_EVENTS})

    def _invoked(self, model: str, body: dict[str, Any]) -> Reply:
        if model.startswith("amazon.titan-embed"):
            return as_json(_embedding(body))
        if "anthropic" not in model or body.get("anthropic_version") != "bedrock-2023-05-31":
            raise Refused(400, "Malformed input request")
        unknown = body.keys() - OF_CLAUDE
        if unknown:
            raise Refused(400, f"{sorted(unknown)}: Extra inputs are not permitted")
        named = body | {"model": model}
        if not self.asked[-1].path.endswith("stream"):
            return as_json(claude.message(named, claude.wanted_tool(body)))
        events = claude.events(named, claude.wanted_tool(body))
        packed = [base64.b64encode(json.dumps(each).encode()).decode() for each in events]
        frames = [event("chunk", {"bytes": each}) for each in packed]
        return Reply(200, self.going_on(frames), {"content-type": STREAM_EVENTS})

    def error(self, status: int, message: str) -> Reply:
        kinds = {
            400: "ValidationException",
            403: "AccessDeniedException",
            404: "ResourceNotFoundException",
            408: "ModelTimeoutException",
            424: "ModelErrorException",
            500: "InternalServerException",
            503: "ServiceUnavailableException",
            429: "ThrottlingException",
        }
        return as_json({"message": message}, status, x_amzn_errortype=kinds[status])


def _wanted_tool(body: dict[str, Any]) -> str:
    has_result = any("toolResult" in part for part in body["messages"][-1]["content"])
    tools = body.get("toolConfig", {}).get("tools", [])
    return "" if has_result or not tools else tools[0]["toolSpec"]["name"]


def _message(tool: str) -> dict[str, Any]:
    use = {"toolUseId": "use_1", "name": tool, "input": {"city": "Köln"}}
    content = [{"toolUse": use}] if tool else [{"text": "Grüße 👋"}]
    return {
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": "tool_use" if tool else "end_turn",
        "usage": USAGE,
        "metrics": {"latencyMs": 5},
    }


def _events(tool: str) -> list[tuple[str, dict[str, Any]]]:
    deltas: list[dict[str, Any]] = [{"text": text} for text in ("Grü", "ße ", "👋")]
    start: list[tuple[str, dict[str, Any]]] = []
    if tool:
        deltas = [{"toolUse": {"input": text}} for text in ('{"city": ', '"Köln"}')]
        use = {"toolUseId": "use_1", "name": tool}
        start = [("contentBlockStart", {"contentBlockIndex": 0, "start": {"toolUse": use}})]
    return [
        ("messageStart", {"role": "assistant"}),
        *start,
        *(("contentBlockDelta", {"contentBlockIndex": 0, "delta": each}) for each in deltas),
        ("contentBlockStop", {"contentBlockIndex": 0}),
        ("messageStop", {"stopReason": "tool_use" if tool else "end_turn"}),
        ("metadata", {"usage": USAGE, "metrics": {"latencyMs": 5}}),
    ]


def _embedding(body: dict[str, Any]) -> dict[str, Any]:
    unknown = body.keys() - {"inputText", "dimensions", "normalize", "embeddingTypes"}
    if unknown or not isinstance(body.get("inputText"), str):
        raise Refused(400, f"Malformed input request: {json.dumps(sorted(unknown))}")
    return {"embedding": [0.5, -0.25, 1.0], "inputTextTokenCount": 3}
