"""The smallest real call for each type of model, and how its answer is known for one."""

import json
from dataclasses import dataclass
from typing import Any, Final

from lisa.domain.model import ModelType

WORD: Final = "hello"
MESSAGES: Final = [{"role": "user", "content": "Say hello."}]


@dataclass(frozen=True)
class Trial:
    """A call: to GET has no body; `proof` is the key of the answer that only a model's has."""

    path: str
    proof: str
    body: dict[str, Any] | None = None

    @property
    def method(self) -> str:
        """Return the HTTP method."""
        return "GET" if self.body is None else "POST"

    def proves(self, answer: bytes) -> bool:
        """Tell whether this is what such a call is answered with."""
        try:
            document = json.loads(answer)
        except (ValueError, RecursionError):
            return False
        return isinstance(document, dict) and isinstance(document.get(self.proof), list)


LISTING: Final = Trial("/models", "data")


def trials_of(kind: ModelType, model: str) -> tuple[Trial, ...]:
    """Return the calls to try, of which a later one is for servers that refuse the former's form.

    Whatever would make an image, a video or speech costs too much to be tried: there the list of
    models has to do.
    """
    if kind is ModelType.TEXT:
        asked = {"model": model, "messages": MESSAGES}
        return (
            Trial("/chat/completions", "choices", {**asked, "max_tokens": 1}),
            Trial("/chat/completions", "choices", {**asked, "max_completion_tokens": 16}),
        )
    if kind is ModelType.EMBEDDING:
        return (Trial("/embeddings", "data", {"model": model, "input": WORD}),)
    if kind is ModelType.RERANK:
        asked = {"model": model, "query": WORD, "documents": [WORD]}
        return (Trial("/rerank", "results", asked),)
    return (LISTING,)
