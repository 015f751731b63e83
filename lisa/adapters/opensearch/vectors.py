"""Passages in OpenSearch: k-NN finds the nearest, BM25 the matching ones."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from opensearchpy import AsyncOpenSearch, RequestError

from lisa.adapters.opensearch import queries
from lisa.adapters.opensearch.client import answered
from lisa.adapters.opensearch.index import (
    cosine,
    definition,
    document_of,
    embedded_of,
    found_of,
    index_of,
)
from lisa.adapters.opensearch.writing import DomainWriting, ServerlessWriting, Writing
from lisa.domain.errors import NotFound
from lisa.domain.knowledge.filters import Filter
from lisa.domain.knowledge.passage import Embedded, Found
from lisa.domain.knowledge.words import asked_words
from lisa.ports.clock import Clock
from lisa.ports.vector_rules import accepted_passages, accepted_vector
from lisa.ports.vectors import Contents, Space

EXISTS_ALREADY: Final = "resource_already_exists_exception"
PAGE: Final = 500
NOTHING: Final = {
    "hits": {"hits": [], "total": {"value": 0}},
    "aggregations": {"documents": {"value": 0}},
}

Hits = list[dict[str, Any]]


class OpenSearchVectors:
    """Keeps each space's passages in an index of its own."""

    def __init__(self, client: AsyncOpenSearch, clock: Clock, *, serverless: bool = False) -> None:
        """Work with an open client; Serverless can less than a domain."""
        self._client = client
        self._serverless = serverless
        self._writing: Writing = (
            ServerlessWriting(client, clock) if serverless else DomainWriting(client)
        )

    async def make(self, space: Space) -> None:
        """Make room; where there is some already, nothing changes."""
        body = definition(space, serverless=self._serverless)
        await answered(self._made(index_of(space.uid), body))
        await self._writing.ready(index_of(space.uid))

    async def drop(self, uid: str) -> None:
        """Remove a space with all that is in it; what isn't there is removed already."""
        index = index_of(uid)
        await answered(self._client.indices.delete(index=index, params={"ignore": 404}))

    async def put(self, space: Space, passages: Sequence[Embedded]) -> None:
        """Store passages, each in the place of one with the same id."""
        index = index_of(space.uid)
        documents = [document_of(each) for each in accepted_passages(passages, space.dimension)]
        if not await answered(self._client.indices.exists(index=index)):
            raise NotFound("there is no such space")  # else OpenSearch would make up an index
        if documents:
            await self._writing.put(index, documents)

    async def keep(self, space: Space, document_id: str, ordinals: int) -> None:
        """Remove a document's passages from this ordinal on; 0 removes the document."""
        condition = queries.of_document(document_id, ordinals)
        with suppress(NotFound):
            await self._writing.remove(index_of(space.uid), condition)

    async def of_document(
        self, space: Space, document_id: str, first: int, limit: int
    ) -> list[Embedded]:
        """Return a document's passages in order, from an ordinal on, with their vectors."""
        found: dict[int, Embedded] = {}
        while len(found) < limit:
            page = min(PAGE, limit - len(found))
            body = queries.in_order(document_id, first, page)
            hits = await self._hits(space, body)
            its = [embedded_of(hit["_source"]) for hit in hits]
            found |= {each.passage.ordinal: each for each in its}
            if len(hits) < page:
                break
            first = its[-1].passage.ordinal + 1
        return list(found.values())

    async def nearest(
        self, space: Space, vector: Sequence[float], limit: int, where: Filter | None = None
    ) -> list[Found]:
        """Return the passages nearest by cosine; as many as fit where there are so many."""
        asked = accepted_vector(vector, space.dimension)
        hits = await self._hits(space, queries.nearest(asked, limit, where))
        return found_of([(hit["_source"], cosine(hit["_score"])) for hit in hits])

    async def matching(
        self, space: Space, text: str, limit: int, where: Filter | None = None
    ) -> list[Found]:
        """Return the passages whose words match best; any word of the text may match."""
        words = asked_words(text)
        hits = await self._hits(space, queries.matching(words, limit, where)) if words else []
        return found_of([(hit["_source"], hit["_score"]) for hit in hits])

    async def contents(self, space: Space) -> Contents:
        """Count what is there."""
        answer = await self._search(space, queries.contents())
        documents = answer["aggregations"]["documents"]["value"]
        return Contents(documents, answer["hits"]["total"]["value"])

    async def _made(self, index: str, body: queries.Json) -> None:
        try:
            await self._client.indices.create(index=index, body=body)
        except RequestError as error:
            if EXISTS_ALREADY not in str(error):
                raise

    async def _hits(self, space: Space, body: queries.Json) -> Hits:
        return list((await self._search(space, body))["hits"]["hits"])

    async def _search(self, space: Space, body: queries.Json) -> dict[str, Any]:
        """Ask a space, which may have been dropped."""
        try:
            return await answered(self._client.search(index=index_of(space.uid), body=body))
        except NotFound:
            return NOTHING
