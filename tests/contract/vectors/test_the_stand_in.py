"""The stand-in for OpenSearch executes what it is asked and refuses what it doesn't know."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from opensearchpy import AsyncOpenSearch, NotFoundError, RequestError, TransportError

from lisa.adapters.opensearch.client import open_client
from lisa.adapters.opensearch.index import definition
from lisa.ports.vectors import Space
from tests.standins.opensearch.server import running_opensearch

INDEX = "lisa-space-x"
BODY = definition(Space("x", 2), serverless=False)


@pytest.fixture
async def client() -> AsyncIterator[AsyncOpenSearch]:
    with running_opensearch() as (_, url):
        async with open_client(url, None) as opened:
            await opened.indices.create(index=INDEX, body=BODY)
            yield opened


@pytest.fixture
async def serverless() -> AsyncIterator[AsyncOpenSearch]:
    with running_opensearch(serverless=True) as (_, url):
        async with open_client(url, None) as opened:
            yield opened


@pytest.mark.parametrize(
    "body",
    [
        {"query": {"match_all": {}}},
        {"query": {"script_score": {}}},
        {"query": {"term": {"document": "x"}, "bool": {}}},
        {"query": {"bool": {"should": []}}},
        {"query": {"bool": {"filters": []}}},
        {"query": {"range": {"ordinal": {"above": 1}}}},
        {"query": {"knn": {"vector": {"vector": [1, 0], "k": 1, "efficient": True}}}},
        {"query": {"knn": {"vector": {"vector": [1, 0, 0], "k": 1}}}},
        {"query": {"bool": {"must": [{"query_string": {"query": "x"}}]}}},
        {"size": 1, "from": 5},
        {"size": 1, "sort": [{"ordinal": "desc"}]},
        {"size": 1, "aggs": {"documents": {"terms": {"field": "document"}}}},
    ],
)
async def test_a_search_that_it_does_not_know_is_refused(
    client: AsyncOpenSearch, body: Mapping[str, Any]
) -> None:
    with pytest.raises(RequestError):
        await client.search(index=INDEX, body=body)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("mappings", "dynamic"), True),
        (("mappings", "properties", "words", "analyzer"), "klingon"),
        (("mappings", "properties", "document", "type"), "wildcard"),
        (("mappings", "properties", "vector", "method", "engine"), "nmslib"),
        (("mappings", "properties", "vector", "method", "space_type"), "cosinesimil"),
        (("settings", "index", "refresh_interval"), "1s"),
    ],
)
async def test_an_index_that_it_does_not_know_is_refused(
    client: AsyncOpenSearch, place: tuple[str, ...], value: object
) -> None:
    with pytest.raises(RequestError):
        await client.indices.create(index="other", body=_with(BODY, place, value))


async def test_what_was_not_refreshed_is_not_found(client: AsyncOpenSearch) -> None:
    await client.bulk(index=INDEX, body='{"index": {"_id": "a"}}\n{"document": "d"}\n')
    assert await _count(client) == 0
    body = '{"index": {"_id": "b"}}\n{"document": "d"}\n'
    await client.bulk(index=INDEX, body=body, params={"refresh": "wait_for"})
    assert await _count(client) == 2


async def test_fields_outside_the_mapping_are_refused(client: AsyncOpenSearch) -> None:
    answer = await client.bulk(index=INDEX, body='{"index": {"_id": "a"}}\n{"unknown": 1}\n')
    assert answer["errors"]
    assert answer["items"][0]["index"]["error"]["type"] == "strict_dynamic_mapping_exception"


async def test_an_index_that_is_not_there_is_not_made_up(client: AsyncOpenSearch) -> None:
    with pytest.raises(NotFoundError):
        await client.bulk(index="nowhere", body='{"index": {}}\n{"document": "d"}\n')


async def test_serverless_can_less(serverless: AsyncOpenSearch) -> None:
    with pytest.raises(RequestError):
        await serverless.indices.create(index=INDEX, body=BODY)
    body = definition(Space("x", 2), serverless=True)
    await serverless.indices.create(index=INDEX, body=body)
    assert [await serverless.indices.exists(index=INDEX) for _ in range(2)] == [False, True]
    with pytest.raises(NotFoundError):
        await serverless.delete_by_query(index=INDEX, body={"query": {"term": {"document": "d"}}})
    with pytest.raises(TransportError):
        await serverless.indices.refresh(index=INDEX)
    with pytest.raises(RequestError):
        await serverless.bulk(
            index=INDEX, body='{"index": {}}\n{"document": "d"}\n', params={"refresh": "true"}
        )
    answer = await serverless.bulk(index=INDEX, body='{"index": {"_id": "a"}}\n{"document": "d"}\n')
    assert "Document ID is not supported" in answer["items"][0]["index"]["error"]["reason"]


async def _count(client: AsyncOpenSearch) -> int:
    body = {"size": 0, "track_total_hits": True}
    return int((await client.search(index=INDEX, body=body))["hits"]["total"]["value"])


def _with(given: Mapping[str, Any], place: tuple[str, ...], value: object) -> dict[str, Any]:
    first, *rest = place
    inner = _with(given[first], tuple(rest), value) if rest else value
    return {**given, first: inner}
