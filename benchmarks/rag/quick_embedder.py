"""Stands in for an embedder that is never waited for: real vectors, which mean nothing here.

Each text gets a vector of some sentence, a little moved, so that no two texts have the same.
"""

import hashlib
import sys
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import uvicorn
from pydantic_core import from_json, to_json
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.rag.sentences import WIDTH

MOVED: Final = 16  # numbers of a vector
BY: Final = 0.1 / 255


def app(numbers: Sequence[float]) -> Starlette:
    """Answer in OpenAI's form."""
    rows = len(numbers) // WIDTH

    def vector(text: str) -> Sequence[float]:
        digest = hashlib.sha256(text.encode()).digest()
        start = int.from_bytes(digest[:8], "big") % rows * WIDTH
        made = list(numbers[start : start + WIDTH])
        for place, by in enumerate(digest[-MOVED:]):
            made[place] += by * BY
        return made

    async def embeddings(request: Request) -> Response:
        asked = from_json(await request.body())
        data = [
            {"object": "embedding", "index": place, "embedding": vector(text)}
            for place, text in enumerate(asked["input"])
        ]
        used = {"prompt_tokens": len(data), "total_tokens": len(data)}
        answer = {"object": "list", "model": asked["model"], "data": data, "usage": used}
        return Response(to_json(answer), media_type="application/json")

    async def models(_: Request) -> Response:
        return Response(b'{"object": "list", "data": []}', media_type="application/json")

    routes = [
        Route("/v1/embeddings", embeddings, methods=["POST"]),
        Route("/v1/models", models),
    ]
    return Starlette(routes=routes)


if __name__ == "__main__":
    vectors = array("f", Path(sys.argv[1]).read_bytes())
    uvicorn.run(app(vectors), port=int(sys.argv[2]), access_log=False, log_level="warning")
