"""Servers that rank texts: TEI's wire and that of Cohere and Jina, by the words texts share."""

import json
from collections.abc import Sequence

from tests.standins.model_server.server import Answer, Asked

MOST_AT_ONCE = 32  # as TEI takes unless told otherwise
LONGEST = 2000


def as_tei(asked: Asked) -> Answer:
    """Answer `/rerank` as Text Embeddings Inference does: a list, best first."""
    if asked.path != "/rerank":
        return Answer(404)
    texts = asked.body.get("texts")
    if texts is None:
        return _refused(422, "Failed to deserialize the JSON body: missing field `texts`")
    if len(texts) > MOST_AT_ONCE:
        return _refused(422, f"batch size {len(texts)} > maximum allowed batch size 32")
    if not asked.body.get("truncate") and any(len(text) > LONGEST for text in texts):
        return _refused(413, "`inputs` must have less than 512 tokens")
    scores = _scores(asked.body["query"], texts)
    ranked = [{"index": index, "score": scores[index]} for index in _best_first(scores)]
    return Answer(body=json.dumps(ranked).encode())


def as_cohere(asked: Asked) -> Answer:
    """Answer `/v1/rerank` as Cohere, Jina and vLLM do."""
    if asked.path != "/v1/rerank" or "documents" not in asked.body:
        return _refused(400, "documents: is missing")
    scores = _scores(asked.body["query"], asked.body["documents"])
    results = [{"index": index, "relevance_score": scores[index]} for index in _best_first(scores)]
    return Answer(body=json.dumps({"id": "r", "results": results}).encode())


def _refused(status: int, why: str) -> Answer:
    return Answer(status, json.dumps({"error": why, "error_type": "Validation"}).encode())


def _scores(query: str, texts: Sequence[str]) -> list[float]:
    words = set(query.casefold().split())
    return [len(words & set(text.casefold().split())) / max(1, len(words)) for text in texts]


def _best_first(scores: Sequence[float]) -> list[int]:
    return sorted(range(len(scores)), key=lambda index: -scores[index])
