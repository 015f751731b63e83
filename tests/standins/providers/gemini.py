"""Stands in for Google's Gemini API: generateContent and its stream."""

import json
import re
from typing import Any

from tests.standins.providers.server import (
    Asked,
    Provider,
    Refused,
    Reply,
    as_events,
    as_json,
)

KEY = "made-up-key-of-gemini"
PATH = re.compile(
    r"/v1beta/models/[\w.-]+:(?P<operation>generateContent|streamGenerateContent)(\?\S+)?"
)
KNOWN = {
    "contents",
    "generationConfig",
    "safetySettings",
    "systemInstruction",
    "system_instruction",
    "toolConfig",
    "tools",
}
USAGE = {"promptTokenCount": 11, "candidatesTokenCount": 7, "totalTokenCount": 18}
KINDS = {
    400: "INVALID_ARGUMENT",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
}


class StandInGemini(Provider):
    """Answers "Grüße 👋", or calls the first function it is offered."""

    def answer(self, asked: Asked) -> Reply:
        found = PATH.fullmatch(asked.path)
        if found is None:
            raise Refused(404, f"no operation at {asked.path}")
        if KEY not in (asked.headers.get("x-goog-api-key"), asked.path.rpartition("key=")[2]):
            raise Refused(403, "API key not valid")
        body = asked.body
        if unknown := body.keys() - KNOWN:
            raise Refused(400, f"Unknown names {sorted(unknown)}")
        parts = _parts(body)
        if found["operation"] == "generateContent":
            return as_json(_answer(parts, last=True))
        answers = [_answer([part], last=part is parts[-1]) for part in parts]
        return as_events(
            self.going_on([f"data: {json.dumps(each)}\r\n\r\n".encode() for each in answers])
        )

    def error(self, status: int, message: str) -> Reply:
        return as_json(
            {"error": {"code": status, "message": message, "status": KINDS[status]}}, status
        )


def _parts(body: dict[str, Any]) -> list[dict[str, Any]]:
    answered = any(
        "function_response" in part or "functionResponse" in part
        for part in body["contents"][-1]["parts"]
    )
    for tool in [] if answered else body.get("tools", []):
        name = tool.get("function_declarations", tool.get("functionDeclarations"))[0]["name"]
        return [{"functionCall": {"name": name, "args": {"city": "Köln"}}}]
    return [{"text": text} for text in ("Grü", "ße ", "👋")]


def _answer(parts: list[dict[str, Any]], *, last: bool) -> dict[str, Any]:
    candidate = {"index": 0, "content": {"role": "model", "parts": parts}}
    if last:
        candidate["finishReason"] = "STOP"
    return {"candidates": [candidate], "usageMetadata": USAGE, "modelVersion": "stand-in"}
