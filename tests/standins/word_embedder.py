"""An embedding model on loopback that adds up a direction of its own for each word."""

import asyncio
import base64
import json
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from lisa.ports.embedding import OnBehalf
from tests.api.knowledge import EMBEDDER, WordEmbedder
from tests.standins.model_server.server import Answer, Asked, ModelServer, error, model_server

NOBODY = OnBehalf("nobody")


@contextmanager
def running_embedder() -> Iterator[ModelServer]:
    """Listen while entered."""
    with model_server(_answer) as running:
        yield running


def _answer(asked: Asked) -> Answer:
    if asked.path != "/v1/embeddings":
        return error(404, f"there is no {asked.path}")
    texts = asked.body["input"]
    texts = [texts] if isinstance(texts, str) else texts
    vectors = asyncio.run(WordEmbedder().embed(EMBEDDER, texts, NOBODY))
    packed = asked.body.get("encoding_format") == "base64"
    data = [
        {"object": "embedding", "index": place, "embedding": _packed(each) if packed else each}
        for place, each in enumerate(vectors)
    ]
    used = {"prompt_tokens": len(texts), "total_tokens": len(texts)}
    told = {"object": "list", "model": asked.body["model"], "data": data, "usage": used}
    return Answer(body=json.dumps(told).encode())


def _packed(vector: Sequence[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
