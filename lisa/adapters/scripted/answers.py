"""What a scripted model answers: to every call the same, and always that it is a script."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

WORDS: Final = "This is a scripted demo: no model runs here, and every call gets this answer."
FIXED: Final = {"id": "scripted", "created": 0}
SCRIPTED: Final = {"scripted": WORDS}
DIMENSION: Final = 8
Asked = Mapping[str, Any]


def answer_to(path: str, asked: Asked) -> Mapping[str, Any] | None:
    """Return the answer to a call; None for what no scripted model does."""
    answers: Mapping[str, Callable[[Asked], Mapping[str, Any]]] = {
        "/v1/chat/completions": _chat,
        "/v1/embeddings": _embeddings,
        "/v1/rerank": _rerank,
        "/v1/models": _models,
    }
    answer = answers.get(path)
    return {**answer(asked), **SCRIPTED} if answer else None


def chat_chunks(asked: Asked) -> Iterator[str]:
    """Return the events of a chat's answer, a word in each."""
    about = {**FIXED, "object": "chat.completion.chunk", "model": asked.get("model"), **SCRIPTED}

    def event(delta: Mapping[str, str], finish: str | None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return _event({**about, "choices": [choice]})

    for number, word in enumerate(WORDS.split()):
        role = {} if number else {"role": "assistant"}
        yield event({**role, "content": f" {word}" if number else word}, None)
    yield event({}, "stop")
    options = asked.get("stream_options")
    if isinstance(options, dict) and options.get("include_usage"):
        yield _event({**about, "choices": [], "usage": _usage(WORDS)})
    yield "data: [DONE]\n\n"


def _chat(asked: Asked) -> Mapping[str, Any]:
    message = {"role": "assistant", "content": WORDS}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    about = {**FIXED, "object": "chat.completion", "model": asked.get("model")}
    return {**about, "choices": [choice], "usage": _usage(WORDS)}


def _embeddings(asked: Asked) -> Mapping[str, Any]:
    vectors = [
        {"object": "embedding", "index": index, "embedding": [1.0] + [0.0] * (DIMENSION - 1)}
        for index, _ in enumerate(_several(asked.get("input")))
    ]
    about = {"object": "list", "model": asked.get("model")}
    return {**about, "data": vectors, "usage": _usage("")}


def _rerank(asked: Asked) -> Mapping[str, Any]:
    documents = _several(asked.get("documents"))
    results = [{"index": index, "relevance_score": 0.0} for index, _ in enumerate(documents)]
    return {"id": "scripted", "model": asked.get("model"), "results": results}


def _models(asked: Asked) -> Mapping[str, Any]:
    del asked
    return {"object": "list", "data": [{"id": "scripted", "object": "model"}]}


def _several(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else [value]


def _usage(words: str) -> Mapping[str, int]:
    tokens = len(words.split())
    return {"prompt_tokens": 1, "completion_tokens": tokens, "total_tokens": tokens + 1}


def _event(told: Mapping[str, Any]) -> str:
    return f"data: {json.dumps(told)}\n\n"
