"""The stores that must keep the contract of vectors; a real OpenSearch where one is named."""

import os
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest

from lisa.adapters.memory.vectors import MemoryVectors
from lisa.adapters.opensearch.client import open_client
from lisa.adapters.opensearch.vectors import OpenSearchVectors
from lisa.adapters.pgvector.connections import open_pool
from lisa.adapters.pgvector.vectors import PgVectors
from lisa.adapters.system.clock import SystemClock
from lisa.ports.vectors import Space, Vectors
from tests.standins.opensearch.server import running_opensearch

REAL = os.environ.get("LISA_TEST_OPENSEARCH_URL", "")
STORES = ["memory", "pgvector", "opensearch", "serverless", *(["real"] if REAL else [])]


@pytest.fixture(scope="session")
def opensearch_addresses() -> Iterator[dict[str, str]]:
    """Run the stand-ins, once for all tests."""
    with (
        running_opensearch() as (_, domain),
        running_opensearch(serverless=True) as (_, serverless),
    ):
        yield {"opensearch": domain, "serverless": serverless, "real": REAL}


async def _vectors(
    kind: str, postgres: str, addresses: dict[str, str], undo: AsyncExitStack
) -> Vectors:
    if kind == "memory":
        return MemoryVectors()
    if kind == "pgvector":
        return PgVectors(await undo.enter_async_context(open_pool(postgres)))
    client = await undo.enter_async_context(open_client(addresses[kind], None))
    return OpenSearchVectors(client, SystemClock(), serverless=kind == "serverless")


@pytest.fixture(params=STORES)
async def vectors(
    request: pytest.FixtureRequest, postgres: str, opensearch_addresses: dict[str, str]
) -> AsyncIterator[Vectors]:
    """Run the test on each store."""
    async with AsyncExitStack() as undo:
        yield await _vectors(request.param, postgres, opensearch_addresses, undo)


@pytest.fixture
async def every_store(
    postgres: str, opensearch_addresses: dict[str, str]
) -> AsyncIterator[list[Vectors]]:
    """Run one test on all stores at once."""
    async with AsyncExitStack() as undo:
        yield [await _vectors(kind, postgres, opensearch_addresses, undo) for kind in STORES]


@pytest.fixture
async def space(vectors: Vectors) -> AsyncIterator[Space]:
    """Make room for one test."""
    made = Space(f"t_{uuid.uuid4().hex[:12]}", 3, "english")
    await vectors.make(made)
    yield made
    await vectors.drop(made.uid)
