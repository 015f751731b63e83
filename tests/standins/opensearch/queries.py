"""Executes queries: exact k-NN, BM25 as Lucene computes it, and filters."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from tests.standins.opensearch.analysis import ANALYZERS
from tests.standins.opensearch.refusal import Json, Refused, only, the_one

K1: Final = 1.2
B: Final = 0.75
MOST_CLAUSES: Final = 1024

Documents = Mapping[str, Json]
Fields = Mapping[str, Json]
Scores = dict[str, float]


def run(query: Json, documents: Documents, fields: Fields) -> Scores:
    """Return the scores of what fits, by id."""
    kind, asked = the_one(query, "query")
    if kind == "knn":
        return _knn(asked, documents, fields)
    if kind == "bool" and "must" in asked:
        return _best(asked, documents, fields)
    return dict.fromkeys(fitting(query, documents), 0.0)


def fitting(condition: Json, documents: Documents) -> list[str]:
    """Return the ids of what fits a filter."""
    kind, asked = the_one(condition, "query")
    if kind not in _CONDITIONS:
        raise Refused(400, "parsing_exception", f"unknown query [{kind}]")
    fits = _CONDITIONS[kind]
    fits(asked, "", {})  # what is wrong is refused even where there is nothing
    return [id_ for id_, source in documents.items() if fits(asked, id_, source)]


def _knn(asked: Json, documents: Documents, fields: Fields) -> Scores:
    name, its = the_one(asked, "knn")
    only(its, {"vector", "k", "filter"}, "knn")
    if len(its["vector"]) != fields[name]["dimension"]:
        raise Refused(400, "illegal_argument_exception", "Query vector has invalid dimension")
    ids = fitting(its["filter"], documents) if "filter" in its else [*documents]
    products = {
        id_: sum(a * b for a, b in zip(its["vector"], documents[id_][name], strict=True))
        for id_ in ids
    }
    nearest = sorted(products, key=lambda id_: -products[id_])[: its["k"]]
    return {id_: _score_of(products[id_]) for id_ in nearest}


def _score_of(product: float) -> float:
    return product + 1 if product >= 0 else 1 / (1 - product)


def _best(asked: Json, documents: Documents, fields: Fields) -> Scores:
    only(asked, {"must", "filter"}, "bool")
    (wanted,) = asked["must"]
    kind, match = the_one(wanted, "must")
    if kind != "match":
        raise Refused(400, "parsing_exception", f"unknown query [{kind}]")
    name, its = the_one(match, "match")
    only(its, {"query"}, "match")
    analyze = ANALYZERS[fields[name]["analyzer"]]
    words = set(analyze(its["query"]))
    if len(words) > MOST_CLAUSES:
        raise Refused(400, "too_many_clauses", f"maxClauseCount is set to {MOST_CLAUSES}")
    texts = {id_: Counter(analyze(source[name])) for id_, source in documents.items()}
    fits = set(fitting({"bool": {"filter": asked.get("filter", [])}}, documents))
    scores = _bm25(words, texts)
    return {id_: score for id_, score in scores.items() if id_ in fits}


def _bm25(words: set[str], texts: Mapping[str, Counter[str]]) -> Scores:
    lengths = {id_: text.total() for id_, text in texts.items()}
    usual = sum(lengths.values()) / max(len(lengths), 1)
    scores: Scores = {}
    for word in words:
        having = [id_ for id_, text in texts.items() if word in text]
        rarity = math.log(1 + (len(texts) - len(having) + 0.5) / (len(having) + 0.5))
        for id_ in having:
            times = texts[id_][word]
            weight = times / (times + K1 * (1 - B + B * lengths[id_] / usual))
            scores[id_] = scores.get(id_, 0) + rarity * weight
    return scores


def _is_term(asked: Json, id_: str, source: Json) -> bool:
    del id_
    name, value = the_one(asked, "term")
    return value in _values(source, name)


def _is_any_term(asked: Json, id_: str, source: Json) -> bool:
    del id_
    name, values = the_one(asked, "terms")
    return not set(values).isdisjoint(_values(source, name))


def _is_id(asked: Json, id_: str, source: Json) -> bool:
    del source
    only(asked, {"values"}, "ids")
    return id_ in asked["values"]


def _is_in_range(asked: Json, id_: str, source: Json) -> bool:
    del id_
    name, bounds = the_one(asked, "range")
    only(bounds, _BOUNDS, "range")
    return any(
        all(_BOUNDS[bound](value, limit) for bound, limit in bounds.items())
        for value in _values(source, name)
    )


def _is_all(asked: Json, id_: str, source: Json) -> bool:
    only(asked, {"filter", "must_not", "should", "minimum_should_match"}, "bool")
    if "should" in asked and asked.get("minimum_should_match") != 1:
        raise Refused(400, "parsing_exception", "[bool] should without minimum_should_match 1")
    one = {id_: source}
    fits, never, some = (
        [bool(fitting(each, one)) for each in asked.get(part, [])]
        for part in ("filter", "must_not", "should")
    )
    return all(fits) and not any(never) and (any(some) or "should" not in asked)


def _values(source: Json, name: str) -> Sequence[Any]:
    value = source.get(name, [])
    return value if isinstance(value, list) else [value]


_BOUNDS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "gt": lambda value, limit: bool(value > limit),
    "gte": lambda value, limit: bool(value >= limit),
    "lt": lambda value, limit: bool(value < limit),
    "lte": lambda value, limit: bool(value <= limit),
}
_CONDITIONS: Final[Mapping[str, Callable[[Json, str, Json], bool]]] = {
    "term": _is_term,
    "terms": _is_any_term,
    "ids": _is_id,
    "range": _is_in_range,
    "bool": _is_all,
}
