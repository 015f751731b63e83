"""Stands in for a server that speaks OpenAI, such as vLLM; knows OpenAI's fields and vLLM's."""

from collections.abc import Callable, Mapping
from typing import Any

from openai.types import Completion, CreateEmbeddingResponse, ImagesResponse
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.chat.completion_create_params import CompletionCreateParamsBase
from openai.types.completion_create_params import CompletionCreateParamsBase as TextParamsBase
from openai.types.embedding_create_params import EmbeddingCreateParams
from openai.types.image_generate_params import ImageGenerateParamsBase

from tests.standins.providers.server import (
    Asked,
    Provider,
    Refused,
    Reply,
    as_events,
    as_json,
)

OF_VLLM = {"chat_template_kwargs", "min_p", "repetition_penalty", "stream", "top_k"}
USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
CALL = {"id": "call_1", "type": "function"}


class StandInOpenAI(Provider):
    """Answers "Grüße 👋", or asks for the first tool it is offered."""

    def answer(self, asked: Asked) -> Reply:
        if asked.path in FORMS:
            return FORMS[asked.path](asked)
        if asked.path not in KNOWN:
            raise Refused(404, f"no route {asked.path}")
        body = asked.body
        if unknown := body.keys() - KNOWN[asked.path] - OF_VLLM:
            raise Refused(400, f"unknown fields {sorted(unknown)}")
        if body.get("stream"):
            return as_events(
                self.going_on([_line(each) for each in _chunks(body)] + [b"data: [DONE]\n\n"])
            )
        return as_json(WHOLE[asked.path](body))

    @staticmethod
    def known() -> set[str]:
        """Return every field that some route knows."""
        return OF_VLLM.union(*KNOWN.values())

    def error(self, status: int, message: str) -> Reply:
        kind = "invalid_request_error" if status < 500 else "server_error"
        return as_json(
            {"error": {"message": message, "type": kind, "param": None, "code": None}}, status
        )


def _wanted_tool(body: Mapping[str, Any]) -> str:
    answered = body["messages"][-1]["role"] == "tool"
    return "" if answered or not body.get("tools") else body["tools"][0]["function"]["name"]


def _chat(body: Mapping[str, Any]) -> object:
    tool = _wanted_tool(body)
    message: dict[str, Any] = {"role": "assistant", "content": None if tool else "Grüße 👋"}
    if tool:
        message["tool_calls"] = [
            {**CALL, "function": {"name": tool, "arguments": '{"city": "Köln"}'}}
        ]
    choice = {
        "index": 0,
        "finish_reason": "tool_calls" if tool else "stop",
        "message": message,
        "logprobs": None,
    }
    whole = {"id": "chat_1", "object": "chat.completion", "created": 1, "model": body["model"]}
    return ChatCompletion.model_validate(whole | {"choices": [choice], "usage": USAGE}).model_dump()


def _chunks(body: Mapping[str, Any]) -> list[ChatCompletionChunk]:
    tool = _wanted_tool(body)
    deltas: list[dict[str, Any]] = [{"content": text} for text in ("Grü", "ße ", "👋")]
    if tool:
        pieces = (("", tool), ('{"city": ', None), ('"Köln"}', None))
        deltas = [{"tool_calls": [_piece(*each)]} for each in pieces]
    end = "tool_calls" if tool else "stop"
    choices = [
        [{"index": 0, "delta": {"role": "assistant", "content": None}, "finish_reason": None}],
        *([{"index": 0, "delta": delta, "finish_reason": None}] for delta in deltas),
        [{"index": 0, "delta": {}, "finish_reason": end}],
    ]
    head = {"id": "chat_1", "object": "chat.completion.chunk", "created": 1, "model": body["model"]}
    documents: list[dict[str, Any]] = [head | {"choices": each} for each in choices]
    if (body.get("stream_options") or {}).get("include_usage"):
        documents.append(head | {"choices": [], "usage": USAGE})
    return [ChatCompletionChunk.model_validate(each) for each in documents]


def _piece(arguments: str, tool: str | None) -> dict[str, Any]:
    begun = CALL if tool else {}
    return {"index": 0, **begun, "function": {"name": tool, "arguments": arguments}}


def _line(chunk: ChatCompletionChunk) -> bytes:
    return f"data: {chunk.model_dump_json()}\n\n".encode()


def _text(body: Mapping[str, Any]) -> object:
    whole = {"id": "text_1", "object": "text_completion", "created": 1, "model": body["model"]}
    choice = {"index": 0, "finish_reason": "stop", "text": "Grüße 👋", "logprobs": None}
    return Completion.model_validate(whole | {"choices": [choice], "usage": USAGE}).model_dump()


def _embeddings(body: Mapping[str, Any]) -> object:
    texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
    data = [
        {"object": "embedding", "index": place, "embedding": [0.5, -0.25, float(place)]}
        for place, _ in enumerate(texts)
    ]
    whole = {"object": "list", "model": body["model"], "data": data}
    usage = {"prompt_tokens": 3, "total_tokens": 3}
    return CreateEmbeddingResponse.model_validate(whole | {"usage": usage}).model_dump()


def _images(_: Mapping[str, Any]) -> object:
    return ImagesResponse.model_validate(
        {"created": 1, "data": [{"b64_json": "aGk="}]}
    ).model_dump()


def _speech(asked: Asked) -> Reply:
    if asked.body.keys() - {"input", "model", "voice", "response_format", "speed", "instructions"}:
        raise Refused(400, "unknown fields")
    return Reply(200, [b"\xff\xfbsound"], {"content-type": "audio/mpeg"})


def _transcription(asked: Asked) -> Reply:
    if b"\x00\r\nRIFF\r\n--" not in asked.raw:
        raise Refused(400, "the sound is damaged")
    if b'name="response_format"\r\n\r\ntext\r\n' in asked.raw:
        return Reply(200, ["Grüße 👋".encode()], {"content-type": "text/plain; charset=utf-8"})
    return as_json({"text": "Grüße 👋"})


KNOWN: Mapping[str, set[str]] = {
    "/v1/chat/completions": {*CompletionCreateParamsBase.__annotations__},
    "/v1/completions": {*TextParamsBase.__annotations__},
    "/v1/embeddings": {*EmbeddingCreateParams.__annotations__},
    "/v1/images/generations": {*ImageGenerateParamsBase.__annotations__},
}
WHOLE: Mapping[str, Callable[[Mapping[str, Any]], object]] = {
    "/v1/chat/completions": _chat,
    "/v1/completions": _text,
    "/v1/embeddings": _embeddings,
    "/v1/images/generations": _images,
}
FORMS: Mapping[str, Callable[[Asked], Reply]] = {
    "/v1/audio/speech": _speech,
    "/v1/audio/transcriptions": _transcription,
}
