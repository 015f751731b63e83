"""What an OpenAI-speaking engine says, made with the SDK's own types."""

import base64
import json
import struct
from collections.abc import Iterator
from typing import Any

from openai.types import CreateEmbeddingResponse, ImagesResponse, Model
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.completion import Completion

WORDS = ("Hello", ", ", "wörld", " 🌍", "!")
MADE = 1_700_000_000
PROMPT_TOKENS = 11
TOKEN = 4  # letters


def usage(completion: int) -> dict[str, Any]:
    return {
        "prompt_tokens": PROMPT_TOKENS,
        "completion_tokens": completion,
        "total_tokens": PROMPT_TOKENS + completion,
        "prompt_tokens_details": {"cached_tokens": 3},
        "completion_tokens_details": {"reasoning_tokens": 1},
    }


def words(says: dict[str, Any]) -> list[str]:
    """Return the answer's pieces: as many as asked for, up to a stop word."""
    how = says.get("engine", {})
    count = how.get("tokens", len(WORDS))
    if "text" in how:
        return [how["text"][at : at + TOKEN] for at in range(0, len(how["text"]), TOKEN)]
    if says.get("response_format", {}).get("type") == "json_schema":
        return ['{"answer"', ": 42}"]
    images = sum(
        part.get("type") == "image_url"
        for message in says.get("messages", ())
        if isinstance(message.get("content"), list)
        for part in message["content"]
    )
    pieces = [f"{images} image(s)"] if images else [WORDS[i % len(WORDS)] for i in range(count)]
    stops = says.get("stop") or []
    stops = [stops] if isinstance(stops, str) else stops
    cut = next((i for i, piece in enumerate(pieces) if piece in stops), len(pieces))
    return pieces[:cut]


def chat(says: dict[str, Any]) -> dict[str, Any]:
    pieces = words(says)
    message: dict[str, Any] = {"role": "assistant", "content": "".join(pieces)}
    reason = "stop"
    if wants_tool(says):
        message, reason = (
            {"role": "assistant", "content": None, "tool_calls": tools(says)},
            "tool_calls",
        )
    choices = [
        {
            "index": i,
            "message": message,
            "finish_reason": reason,
            "logprobs": logprobs(says, pieces),
        }
        for i in range(says.get("n", 1))
    ]
    made = ChatCompletion.model_validate(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": MADE,
            "model": says["model"],
            "system_fingerprint": f"seed-{says.get('seed')}",
            "choices": choices,
            "usage": usage(len(pieces)),
        }
    )
    return made.model_dump(mode="json", exclude_unset=True)


def wants_tool(says: dict[str, Any]) -> bool:
    """Tell whether it calls a tool: the first time, and a stubborn one every time."""
    if not says.get("tools"):
        return False
    was_told = says["messages"][-1]["role"] == "tool"
    return not was_told or "stubborn" in says.get("engine", {})


def tools(says: dict[str, Any]) -> list[dict[str, Any]]:
    how = says.get("engine", {})
    name = how.get("tool") or says["tools"][0]["function"]["name"]
    usual = [[name, how.get("arguments", {"city": "Zürich"})]]
    return [
        {"id": f"call_{number}", "type": "function", "function": _function(*call)}
        for number, call in enumerate(how.get("calls", usual), start=1)
    ]


def _function(name: str, arguments: dict[str, Any]) -> dict[str, str]:
    return {"name": name, "arguments": json.dumps(arguments, ensure_ascii=False)}


def logprobs(says: dict[str, Any], pieces: list[str]) -> dict[str, Any] | None:
    if not says.get("logprobs"):
        return None
    each = [
        {"token": p, "logprob": -0.5, "bytes": list(p.encode()), "top_logprobs": []} for p in pieces
    ]
    return {"content": each, "refusal": None}


def chunks(says: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a stream's events, the one that tells usage only if asked for."""
    asked = (says.get("stream_options") or {}).get("include_usage")
    pieces = words(says)
    thoughts = says.get("engine", {}).get("thoughts", ())
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    deltas += [{"reasoning_content": thought} for thought in thoughts]
    if wants_tool(says):
        deltas += [{"tool_calls": [{"index": n, **call}]} for n, call in enumerate(tools(says))]
    else:
        deltas += [{"content": piece} for piece in pieces]
    for index in range(says.get("n", 1)):
        for delta in deltas:
            yield chunk(says, [{"index": index, "delta": delta, "finish_reason": None}])
        reason = "tool_calls" if wants_tool(says) else "stop"
        yield chunk(says, [{"index": index, "delta": {}, "finish_reason": reason}])
    if asked and not says.get("engine", {}).get("silent_on_usage"):
        yield chunk(says, []) | {"usage": usage(len(pieces))}


def chunk(says: dict[str, Any], choices: list[dict[str, Any]]) -> dict[str, Any]:
    made = ChatCompletionChunk.model_validate(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": MADE,
            "model": says["model"],
            "choices": choices,
        }
    )
    return made.model_dump(mode="json", exclude_unset=True)


def completion(says: dict[str, Any]) -> dict[str, Any]:
    choice = {"index": 0, "text": "".join(words(says)), "finish_reason": "stop", "logprobs": None}
    return _completed(says, [choice], usage(len(WORDS)))


def completion_chunks(says: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a stream's events; one that isn't the last has a finish reason that is null."""
    asked = (says.get("stream_options") or {}).get("include_usage")
    pieces = words(says)
    for number, piece in enumerate(pieces, 1):
        choice = {"index": 0, "text": piece, "finish_reason": None, "logprobs": None}
        if number == len(pieces):
            choice["finish_reason"] = "stop"
        yield _named(says, [choice])  # the SDK's type knows no null here, though engines send it
    if asked:
        yield _completed(says, [], usage(len(pieces)))


def _completed(
    says: dict[str, Any], choices: list[dict[str, Any]], used: dict[str, Any]
) -> dict[str, Any]:
    made = Completion.model_validate(_named(says, choices) | {"usage": used})
    return made.model_dump(mode="json", exclude_unset=True)


def _named(says: dict[str, Any], choices: list[dict[str, Any]]) -> dict[str, Any]:
    kind = {"id": "cmpl-1", "object": "text_completion", "created": MADE}
    return kind | {"model": says["model"], "choices": choices}


def embeddings(says: dict[str, Any]) -> dict[str, Any]:
    """Return a vector per text, whose first number is the text's length."""
    texts = [says["input"]] if isinstance(says["input"], str) else says["input"]
    vectors = [[float(len(text)), 0.5, -0.25] for text in texts]
    packed = says.get("encoding_format") == "base64"
    data = [
        {
            "object": "embedding",
            "index": i,
            "embedding": _packed(vector) if packed else vector,
        }
        for i, vector in enumerate(vectors)
    ]
    told = {"prompt_tokens": 7, "total_tokens": 7}
    answer = {"object": "list", "model": says["model"], "data": data, "usage": told}
    if not packed:
        CreateEmbeddingResponse.model_validate(answer)
    return answer


def images(says: dict[str, Any]) -> dict[str, Any]:
    image = says.get("engine", {}).get("image", "iVBORw0KGgo=")
    data = [{"b64_json": image} for _ in range(says.get("n", 1))]
    made = ImagesResponse.model_validate({"created": MADE, "data": data})
    return made.model_dump(mode="json", exclude_unset=True)


def models() -> dict[str, Any]:
    model = Model(id="engine-model", object="model", created=MADE, owned_by="engine")
    return {"object": "list", "data": [model.model_dump()]}


def _packed(vector: list[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
