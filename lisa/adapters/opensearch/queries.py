"""What is asked of an index, as OpenSearch's query language has it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from lisa.adapters.opensearch.index import SHOWN
from lisa.domain.knowledge.filters import Filter, Joined, Joining
from lisa.domain.knowledge.labels import AnyOf, Between, condition_of

Json = Mapping[str, Any]

COUNTED_EXACTLY: Final = 40_000  # different documents; beyond, OpenSearch estimates


def nearest(vector: Sequence[float], limit: int, where: Filter | None) -> Json:
    """Ask for the nearest; the filter holds while the graph is searched."""
    asked: dict[str, Any] = {"vector": vector, "k": limit}
    if where is not None:
        asked["filter"] = condition(where)
    return {"size": limit, "query": {"knn": {"vector": asked}}, "_source": SHOWN}


def matching(words: str, limit: int, where: Filter | None) -> Json:
    """Ask for what has any of the words."""
    asked: dict[str, Any] = {"must": [{"match": {"words": {"query": words}}}]}
    if where is not None:
        asked["filter"] = [condition(where)]
    return {"size": limit, "query": {"bool": asked}, "_source": SHOWN}


def condition(where: Filter) -> Json:
    """Return a filter on labels."""
    if isinstance(where, Joined):
        parts = [condition(each) for each in where.filters]
        if where.how is Joining.AND:
            return {"bool": {"filter": parts}}
        return {"bool": {"should": parts, "minimum_should_match": 1}}
    wanted = condition_of(where)
    return _any_of(wanted) if isinstance(wanted, AnyOf) else _between(wanted)


def of_document(document_id: str, first: int) -> Json:
    """Return the condition of a document's passages from an ordinal on."""
    its = [{"term": {"document": document_id}}, {"range": {"ordinal": {"gte": first}}}]
    return {"bool": {"filter": its}}


def in_order(document_id: str, first: int, limit: int) -> Json:
    """Ask for a document's passages with their vectors."""
    return {
        "size": limit,
        "query": of_document(document_id, first),
        "sort": [{"ordinal": "asc"}],
        "_source": [*SHOWN, "vector"],
    }


def others_of(passages: Sequence[str], but: Sequence[str]) -> Json:
    """Return the condition of all documents of these passages but those with these ids."""
    of_passages = {"terms": {"passage": passages}}
    return {"bool": {"filter": [of_passages], "must_not": [{"ids": {"values": but}}]}}


def ids_of(condition: Json, limit: int) -> Json:
    """Ask for the ids of whatever fits."""
    return {"size": limit, "query": condition, "_source": False}


def how_many(ids: Sequence[str]) -> Json:
    """Ask how many of these can be found."""
    return {"size": 0, "track_total_hits": True, "query": {"ids": {"values": ids}}}


def contents() -> Json:
    """Ask for the numbers of documents and passages."""
    documents = {"field": "document", "precision_threshold": COUNTED_EXACTLY}
    return {
        "size": 0,
        "track_total_hits": True,
        "aggs": {"documents": {"cardinality": documents}},
    }


def _any_of(wanted: AnyOf) -> Json:
    fits = {"terms": {"labels": wanted.labels}}
    return {"bool": {"must_not": [fits]}} if wanted.negated else fits


def _between(wanted: Between) -> Json:
    low, high = "gte" if wanted.with_low else "gt", "lte" if wanted.with_high else "lt"
    return {"range": {"labels": {low: wanted.low, high: wanted.high}}}
