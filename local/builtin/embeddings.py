"""`/v1/embeddings`: one vector per text; what is too long is refused, as OpenAI does, never cut."""

import base64
import struct
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lisa.domain.errors import Invalid
from local.builtin.names import EMBEDDER
from local.builtin.texts import LONGEST, WIDTH, Texts, Tokens, Vector
from local.builtin.wire import read, unknown_model

MOST_TEXTS: Final = 2048
MOST_CHARACTERS: Final = 64 * 1024  # of one text: far more than fits, so not even tokenised


class Wanted(BaseModel):
    """What callers may ask for; other fields change nothing."""

    model: str
    input: str | list[Any]
    encoding_format: Literal["float", "base64"] | None = None
    dimensions: int | None = None


@dataclass(frozen=True)
class Embeddings:
    """The endpoint."""

    texts: Texts

    async def answer(self, request: Request) -> Response:
        """Answer one call."""
        wanted = await read(request, Wanted)
        rows = await self._tokens(_checked(wanted))
        vectors = await self.texts.vectors(rows)
        packed = wanted.encoding_format == "base64"
        data = [
            {"object": "embedding", "index": place, "embedding": _packed(each) if packed else each}
            for place, each in enumerate(vectors)
        ]
        count = sum(map(len, rows))
        usage = {"prompt_tokens": count, "total_tokens": count}
        return JSONResponse({"object": "list", "data": data, "model": EMBEDDER, "usage": usage})

    async def _tokens(self, texts: list[str]) -> list[Tokens]:
        for place, text in enumerate(texts):
            if len(text) > MOST_CHARACTERS:
                raise _too_long(place, f"{len(text)} characters")
        rows = await self.texts.tokens(texts)
        for place, row in enumerate(rows):
            if len(row) > LONGEST:
                raise _too_long(place, f"{len(row)} tokens")
        return rows


def _checked(wanted: Wanted) -> list[str]:
    if wanted.model != EMBEDDER:
        raise unknown_model(wanted.model, EMBEDDER)
    if wanted.dimensions not in (None, WIDTH):
        raise Invalid(f"dimensions: {EMBEDDER} gives {WIDTH} and cannot give {wanted.dimensions}")
    texts = [wanted.input] if isinstance(wanted.input, str) else wanted.input
    if not 1 <= len(texts) <= MOST_TEXTS:
        raise Invalid(f"input: must be 1 to {MOST_TEXTS} texts, not {len(texts)}")
    if not all(isinstance(text, str) for text in texts):
        raise Invalid(
            "input: must be text or a list of texts; token numbers mean something else in every "
            "model's own vocabulary",
            next_step="with LangChain's OpenAIEmbeddings set check_embedding_ctx_length=False",
        )
    if not all(texts):
        raise Invalid("input: an empty text has no embedding")
    return texts


def _too_long(place: int, length: str) -> Invalid:
    return Invalid(
        f"input.{place}: has {length}, {EMBEDDER} takes at most {LONGEST} tokens",
        next_step="send shorter texts",
        code="context_length_exceeded",
    )


def _packed(vector: Vector) -> str:
    """Write little-endian floats in base64, as OpenAI does."""
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
