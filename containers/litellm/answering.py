"""Turns what the SDK returns into bytes of the shape that was asked for."""

import base64
import json
import struct
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from containers.litellm.asking import Call

JSON: Final = "application/json"
AUDIO: Final = {
    "aac": "audio/aac",
    "flac": "audio/flac",
    "mp3": "audio/mpeg",
    "opus": "audio/ogg",
    "pcm": "audio/pcm",
    "wav": "audio/wav",
}
AS_TEXT: Final = {"text", "srt", "vtt"}


@dataclass(frozen=True)
class Whole:
    """An answer in one piece."""

    content_type: str
    body: bytes


def whole(call: Call, result: Any) -> Whole:
    """Return the answer to a call that doesn't stream."""
    if call.function == "aspeech":
        kind = AUDIO.get(str(call.body.get("response_format") or "mp3"), "audio/mpeg")
        return Whole(kind, result.content)
    if call.function == "acount_tokens":
        return _json({"input_tokens": result.total_tokens})
    if call.function == "atranscription" and call.body.get("response_format") in AS_TEXT:
        return Whole("text/plain; charset=utf-8", result.text.encode())
    document = _document(result)
    if call.function == "aembedding" and call.body.get("encoding_format") == "base64":
        document["data"] = [_packed(each) for each in document["data"]]
    return _json(document)


async def events(call: Call, result: AsyncIterator[Any]) -> AsyncGenerator[bytes, None]:
    """Yield the answer to a call that streams, event by event; the provider's ends with ours."""
    anthropic = call.function == "anthropic_messages"
    try:
        async for event in result:
            yield _anthropic_event(event) if anthropic else _openai_event(event)
        if not anthropic:
            yield b"data: [DONE]\n\n"
    finally:
        if close := getattr(result, "aclose", None):
            await close()


def _openai_event(chunk: Any) -> bytes:
    return b"data: " + json.dumps(_document(chunk)).encode() + b"\n\n"


def _anthropic_event(event: Any) -> bytes:
    if isinstance(event, bytes):
        return event
    document = _document(event)
    return f"event: {document['type']}\ndata: {json.dumps(document)}\n\n".encode()


def _document(result: Any) -> dict[str, Any]:
    if isinstance(result, Mapping):
        return dict(result)
    document: dict[str, Any] = result.model_dump(mode="json", exclude_unset=True)
    return document


def _packed(item: Mapping[str, Any]) -> dict[str, Any]:
    """Write an embedding as OpenAI does: little-endian floats in base64."""
    numbers = item["embedding"]
    packed = struct.pack(f"<{len(numbers)}f", *numbers)
    return {**item, "embedding": base64.b64encode(packed).decode()}


def _json(document: object) -> Whole:
    return Whole(JSON, json.dumps(document).encode())
