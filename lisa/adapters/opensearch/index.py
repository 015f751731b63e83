"""An index per space, and passages as its documents."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from lisa.domain.errors import Invalid
from lisa.domain.knowledge.labels import labels_of
from lisa.domain.knowledge.passage import Embedded, Found, Passage, Place
from lisa.domain.knowledge.words import words_of
from lisa.ports.vector_rules import accepted_uid
from lisa.ports.vectors import Space

Json = Mapping[str, Any]

LARGEST_DIMENSION: Final = 16_000
DIGITS: Final = 7  # of a number of a vector of length 1, about what a float keeps
SHOWN: Final = ("passage", "document", "ordinal", "shown")
PLAIN: Final = "standard"
_ANALYZERS: Final = """
arabic armenian basque catalan danish dutch english finnish french german greek hindi hungarian
indonesian irish italian lithuanian norwegian portuguese romanian russian spanish swedish turkish
"""
ANALYZERS: Final = frozenset(_ANALYZERS.split())


def index_of(uid: str) -> str:
    """Return the name of a space's index."""
    return f"lisa-space-{accepted_uid(uid)}"


def definition(space: Space, *, serverless: bool) -> Json:
    """Return an index's settings and mapping; on a domain one shard, so that scores are exact.

    Cosine is the inner product of vectors of length 1: so it also works where faiss doesn't know
    cosine, on Serverless and before 2.19.
    """
    if not 0 < space.dimension <= LARGEST_DIMENSION:
        raise Invalid(
            f"OpenSearch finds vectors of at most {LARGEST_DIMENSION} numbers,"
            f" these have {space.dimension}",
            code="too_many_dimensions",
        )
    settings: dict[str, Any] = {"knn": True}
    if not serverless:
        settings["number_of_shards"] = 1
    return {"settings": {"index": settings}, "mappings": _mapping(space)}


def _mapping(space: Space) -> Json:
    analyzer = space.language if space.language in ANALYZERS else PLAIN
    return {
        "dynamic": "strict",
        "properties": {
            "passage": {"type": "keyword"},
            "document": {"type": "keyword"},
            "ordinal": {"type": "integer"},
            "labels": {"type": "keyword"},
            "words": {"type": "text", "analyzer": analyzer},
            "shown": {"type": "object", "enabled": False},
            "vector": {
                "type": "knn_vector",
                "dimension": space.dimension,
                "method": {
                    "name": "hnsw",
                    "engine": "faiss",
                    "space_type": "innerproduct",
                    "parameters": {"m": 16, "ef_construction": 128},
                },
            },
        },
    }


def document_of(embedded: Embedded) -> Json:
    """Return a passage as a document."""
    passage = embedded.passage
    return {
        "passage": passage.id,
        "document": passage.document_id,
        "ordinal": passage.ordinal,
        "labels": labels_of(passage),
        "words": words_of(passage.searched),
        "shown": {
            "text": passage.text,
            "name": passage.name,
            "tags": passage.tags,
            "facts": dict(passage.facts),
            "place": asdict(passage.place),
        },
        "vector": [round(number, DIGITS) for number in embedded.vector],
    }


def embedded_of(source: Json) -> Embedded:
    """Read a document back, with its vector."""
    return Embedded(passage_of(source), source["vector"])


def passage_of(source: Json) -> Passage:
    """Read a document back."""
    shown = source["shown"]
    place = {**shown["place"], "headings": tuple(shown["place"]["headings"])}
    return Passage(
        id=source["passage"],
        document_id=source["document"],
        ordinal=source["ordinal"],
        text=shown["text"],
        place=Place(**place),
        name=shown["name"],
        tags=tuple(shown["tags"]),
        facts=shown["facts"],
    )


def found_of(scored: Sequence[tuple[Json, float]]) -> list[Found]:
    """Return what was found, best first; while a passage is being replaced it is there twice."""
    found: dict[str, Found] = {}
    for source, score in scored:
        found.setdefault(source["passage"], Found(passage_of(source), score))
    return sorted(found.values(), key=lambda each: (-each.score, each.passage.id))


def cosine(score: float) -> float:
    """Return the inner product that OpenSearch made a score of."""
    return score - 1 if score >= 1 else 1 - 1 / score
