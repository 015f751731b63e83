"""Writes that can be found when they have returned, on a domain and on Serverless."""

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

from opensearchpy import AsyncOpenSearch

from lisa.adapters.opensearch import queries
from lisa.adapters.opensearch.client import BUSY, BUSY_SECONDS, DELETE_SECONDS, answered
from lisa.domain.errors import Invalid, Unavailable
from lisa.ports.clock import Clock

Json = Mapping[str, Any]

MOST_BYTES: Final = 5_000_000  # of a call; the smallest domains and Serverless take 10 MiB
AT_ONCE: Final = 1000
PAUSES: Final = (0.1, 0.2, 0.4, 0.8, 1.5, *[2.0] * 60)  # Serverless refreshes about once a minute


class Writing(Protocol):
    """How documents come into an index and go."""

    async def ready(self, index: str) -> None:
        """Return when a new index takes documents."""

    async def put(self, index: str, documents: Sequence[Json]) -> None:
        """Store documents, each in the place of those of the same passage."""

    async def remove(self, index: str, condition: Json) -> None:
        """Remove whatever fits."""


class DomainWriting:
    """A passage's id is its document's; OpenSearch makes writes visible before it answers."""

    def __init__(self, client: AsyncOpenSearch) -> None:
        """Work with an open client."""
        self._client = client

    async def ready(self, index: str) -> None:
        """Return at once: a domain answers when the index is."""

    async def put(self, index: str, documents: Sequence[Json]) -> None:
        """Store documents, each in the place of the one of the same passage."""
        actions = [({"index": {"_id": each["passage"]}}, each) for each in documents]
        await _bulk(self._client, index, actions, {"refresh": "wait_for"})

    async def remove(self, index: str, condition: Json) -> None:
        """Remove whatever fits."""
        await answered(
            self._client.delete_by_query(
                index=index,
                body={"query": condition},
                params={
                    "refresh": "true",
                    "conflicts": "proceed",
                    "request_timeout": DELETE_SECONDS,
                },
            )
        )


class ServerlessWriting:
    """Ids are the collection's own, and writes are seen later: we look until they are."""

    def __init__(self, client: AsyncOpenSearch, clock: Clock) -> None:
        """Work with an open client."""
        self._client = client
        self._clock = clock

    async def ready(self, index: str) -> None:
        """Wait until the index is there, which is some time after it was made."""

        async def is_there() -> bool:
            return bool(await answered(self._client.indices.exists(index=index)))

        await self._until(is_there)

    async def put(self, index: str, documents: Sequence[Json]) -> None:
        """Store documents, then remove the former ones of the same passages.

        What a killed process left twice, the next put of the passage leaves once.
        """
        stored = await _bulk(self._client, index, [({"index": {}}, each) for each in documents])
        await self._until_found(index, stored, len(stored))
        passages = [each["passage"] for each in documents]
        await self.remove(index, queries.others_of(passages, stored))

    async def remove(self, index: str, condition: Json) -> None:
        """Remove whatever fits, by the ids that it has."""
        while ids := await self._ids(index, condition):
            await _bulk(self._client, index, [({"delete": {"_id": each}}, None) for each in ids])
            await self._until_found(index, ids, 0)

    async def _ids(self, index: str, condition: Json) -> list[str]:
        body = queries.ids_of(condition, AT_ONCE)
        answer = await answered(self._client.search(index=index, body=body))
        return [hit["_id"] for hit in answer["hits"]["hits"]]

    async def _until_found(self, index: str, ids: Sequence[str], count: int) -> None:
        """Wait until so many of the documents are found."""
        body = queries.how_many(ids)

        async def are_found() -> bool:
            answer = await answered(self._client.search(index=index, body=body))
            return bool(answer["hits"]["total"]["value"] == count)

        await self._until(are_found)

    async def _until(self, came_about: Callable[[], Awaitable[bool]]) -> None:
        for pause in PAUSES:
            if await came_about():
                return
            await self._clock.sleep(pause)
        raise Unavailable("OpenSearch Serverless doesn't show what was stored", code="vector_store")


Action = tuple[Json, Json | None]


async def _bulk(
    client: AsyncOpenSearch,
    index: str,
    actions: Sequence[Action],
    params: Mapping[str, str] | None = None,
) -> list[str]:
    """Do all actions in calls of a bounded size; return the documents' ids."""
    ids: list[str] = []
    for body in _bodies(actions):
        answer = await answered(client.bulk(index=index, body=body, params=dict(params or {})))
        results = [result for item in answer["items"] for result in item.values()]
        for result in results:
            _refuse_failure(result)
        ids += [result["_id"] for result in results]
    return ids


def _bodies(actions: Sequence[Action]) -> Iterator[str]:
    lines: list[str] = []
    size = 0
    for action, document in actions:
        its = json.dumps(action) + "\n"
        if document is not None:
            its += json.dumps(document) + "\n"
        if lines and size + len(its) > MOST_BYTES:
            yield "".join(lines)
            lines, size = [], 0
        lines.append(its)
        size += len(its)
    if lines:
        yield "".join(lines)


def _refuse_failure(result: Json) -> None:
    error = result.get("error")
    if error is None:
        return
    status, reason = result["status"], error.get("reason", "")
    if status in BUSY:
        raise Unavailable("OpenSearch is busy", code="vector_store", retry_after=BUSY_SECONDS)
    raise Invalid(f"OpenSearch can't keep a passage: {reason}")
