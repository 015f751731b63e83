"""Stands in for Cohere's reranking."""

from tests.standins.providers.server import Asked, Provider, Refused, Reply, as_json

KEY = "made-up-key-of-cohere"
KNOWN = {"documents", "max_tokens_per_doc", "model", "query", "top_n"}


class StandInCohere(Provider):
    """Puts the documents into the reverse order."""

    def answer(self, asked: Asked) -> Reply:
        if asked.path != "/v2/rerank":
            raise Refused(404, f"no route {asked.path}")
        if asked.headers.get("authorization", "").lower() != f"bearer {KEY}":
            raise Refused(401, "invalid api token")
        if unknown := asked.body.keys() - KNOWN:
            raise Refused(400, f"unknown fields {sorted(unknown)}")
        places = range(len(asked.body["documents"]))
        results = [
            {"index": place, "relevance_score": (place + 1) / 10} for place in reversed(places)
        ]
        meta = {"api_version": {"version": "2"}, "billed_units": {"search_units": 1}}
        return as_json(
            {"id": "rank_1", "results": results[: asked.body.get("top_n")], "meta": meta}
        )

    def error(self, status: int, message: str) -> Reply:
        return as_json({"id": "rank_1", "message": message}, status)
