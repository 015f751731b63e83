"""What a store of passages can't do now is told as such, and what was lost is tried again."""

import asyncio
import socket
import uuid
from collections.abc import AsyncIterator, Iterator

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.opensearch.client import Login, Signed, open_client
from lisa.adapters.opensearch.vectors import OpenSearchVectors
from lisa.adapters.pgvector.connections import open_pool
from lisa.adapters.pgvector.vectors import PgVectors
from lisa.domain.errors import Invalid, Unavailable
from lisa.domain.knowledge.filters import Comparing, Comparison
from lisa.ports.vectors import Contents, Space
from tests.contract.vectors.passages import VECTOR, passage
from tests.standins.opensearch.refusal import Refused
from tests.standins.opensearch.server import OpenSearch, running_opensearch

SPACE = Space("outages", 3)


@pytest.fixture
def standing() -> Iterator[tuple[OpenSearch, str]]:
    with running_opensearch() as both:
        yield both


@pytest.fixture
async def pg(postgres: str) -> AsyncIterator[PgVectors]:
    async with open_pool(postgres) as pool:
        vectors = PgVectors(pool)
        await vectors.drop(SPACE.uid)
        await vectors.make(SPACE)
        yield vectors
        await vectors.drop(SPACE.uid)


def a_free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def test_an_opensearch_that_is_away_is_unavailable() -> None:
    async with open_client(f"http://127.0.0.1:{a_free_port()}", None) as client:
        vectors = OpenSearchVectors(client, ManualClock())
        for call in (
            vectors.make(SPACE),
            vectors.put(SPACE, [passage()]),
            vectors.nearest(SPACE, VECTOR, 5),
            vectors.keep(SPACE, "d1", 0),
            vectors.drop(SPACE.uid),
        ):
            with pytest.raises(Unavailable):
                await call


async def test_a_postgres_that_is_away_is_unavailable() -> None:
    conninfo = f"host=127.0.0.1 port={a_free_port()} dbname=x user=x"
    async with open_pool(conninfo, wait_seconds=0.2) as pool:
        vectors = PgVectors(pool)
        for call in (vectors.make(SPACE), vectors.put(SPACE, [passage()]), vectors.contents(SPACE)):
            with pytest.raises(Unavailable):
                await call


async def test_lost_connections_fail_no_call(pg: PgVectors, postgres: str) -> None:
    await pg.put(SPACE, [passage()])
    for number in range(3):
        async with await psycopg.AsyncConnection.connect(postgres, autocommit=True) as other:
            await other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        await pg.put(SPACE, [passage(ordinal=number)])
        assert len(await pg.nearest(SPACE, VECTOR, 5)) == number + 1


async def test_who_may_not_create_pgvector_is_told_whom_to_ask(postgres: str) -> None:
    name = f"bare_{uuid.uuid4().hex[:8]}"
    async with await psycopg.AsyncConnection.connect(postgres, autocommit=True) as owner:
        for statement in ("CREATE ROLE {} LOGIN", "CREATE DATABASE {}"):
            await owner.execute(sql.SQL(statement).format(sql.Identifier(name)))
        async with open_pool(make_conninfo(postgres, user=name, dbname=name)) as pool:
            with pytest.raises(Unavailable, match="may not create it") as told:
                await PgVectors(pool).make(SPACE)
        for statement in ("DROP DATABASE {} WITH (FORCE)", "DROP ROLE {}"):
            await owner.execute(sql.SQL(statement).format(sql.Identifier(name)))
    assert "CREATE EXTENSION vector" in told.value.next_step


async def test_vectors_wider_than_a_graph_takes_are_refused_clearly(pg: PgVectors) -> None:
    with pytest.raises(Invalid, match="at most 4000 numbers"):
        await pg.make(Space("wide", 4001))


async def test_a_space_that_grew_large_gets_a_graph_and_is_found_by_it(
    pg: PgVectors, postgres: str
) -> None:
    many = [passage("d1", n, vector=(1, n / 300, 0)) for n in range(900)]
    async with open_pool(postgres) as pool:
        vectors = PgVectors(pool, large_bytes=200_000)
        await vectors.put(SPACE, many[:20])
        assert not await has_a_graph(postgres)
        await asyncio.gather(*(vectors.put(SPACE, many[n : n + 90]) for n in range(0, 900, 90)))
        assert await has_a_graph(postgres)
        nearest = await vectors.nearest(SPACE, VECTOR, 10)
        assert max(each.passage.ordinal for each in nearest) < 50  # half floats tell no more apart
        few = Comparison(Comparing.EQ, "document_id", ("d2",))
        await vectors.put(SPACE, [passage("d2", vector=(0, 0, 1))])
        assert len(await vectors.nearest(SPACE, VECTOR, 10, few)) == 1
        assert len(await vectors.nearest(SPACE, VECTOR, 3000)) == 901
    assert await pg.contents(SPACE) == Contents(2, 901)


async def has_a_graph(postgres: str) -> bool:
    async with await psycopg.AsyncConnection.connect(postgres) as other:
        found = await other.execute("SELECT to_regclass('knowledge.space_outages_vector')::text")
        return await found.fetchone() == ("knowledge.space_outages_vector",)


async def test_a_login_is_sent_and_refused_credentials_are_told(
    standing: tuple[OpenSearch, str],
) -> None:
    server, url = standing
    async with open_client(url, Login("ana", "secret")) as client:
        await OpenSearchVectors(client, ManualClock()).make(SPACE)
        assert server.authorizations == ["Basic YW5hOnNlY3JldA=="]
        server.refusing = [Refused(403, "security_exception", "no permissions")]
        with pytest.raises(Unavailable, match="credentials"):
            await OpenSearchVectors(client, ManualClock()).contents(SPACE)


async def test_requests_to_our_account_are_signed_by_our_role(
    standing: tuple[OpenSearch, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, url = standing
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made up")
    async with open_client(url, Signed("us-east-1", serverless=True)) as client:
        await OpenSearchVectors(client, ManualClock()).contents(SPACE)
    (authorization,) = server.authorizations
    assert authorization.startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
    assert "/us-east-1/aoss/aws4_request" in authorization
    assert "x-amz-content-sha256" in authorization


async def test_a_busy_opensearch_is_asked_again(standing: tuple[OpenSearch, str]) -> None:
    server, url = standing
    async with open_client(url, None) as client:
        vectors = OpenSearchVectors(client, ManualClock())
        await vectors.make(SPACE)
        server.refusing = [Refused(429, "circuit_breaking_exception", "too much")]
        await vectors.put(SPACE, [passage()])
        server.refusing = [Refused(503, "unavailable", "too much")] * 9
        with pytest.raises(Unavailable) as told:
            await vectors.nearest(SPACE, VECTOR, 5)
        assert told.value.retry_after > 1


async def test_an_opensearch_that_does_not_understand_us_is_unavailable(
    standing: tuple[OpenSearch, str],
) -> None:
    server, url = standing
    async with open_client(url, None) as client:
        server.refusing = [Refused(400, "parsing_exception", "unknown query [knn]")]
        with pytest.raises(Unavailable, match="does not understand us"):
            await OpenSearchVectors(client, ManualClock()).nearest(SPACE, VECTOR, 5)


async def test_a_document_refused_among_others_is_told(standing: tuple[OpenSearch, str]) -> None:
    _, url = standing
    async with open_client(url, None) as client:
        vectors = OpenSearchVectors(client, ManualClock())
        await vectors.make(SPACE)
        with pytest.raises(Invalid, match="immense term"):
            await vectors.put(SPACE, [passage(), passage("x" * 40_000)])


async def test_what_serverless_never_shows_is_unavailable() -> None:
    with running_opensearch(serverless=True) as (server, url):
        async with open_client(url, None) as client:
            vectors = OpenSearchVectors(client, ManualClock(), serverless=True)
            await vectors.make(SPACE)
            server.shows = False
            with pytest.raises(Unavailable, match="doesn't show"):
                await vectors.put(SPACE, [passage()])


async def test_what_a_killed_process_left_twice_is_there_once_after_the_next_put() -> None:
    with running_opensearch(serverless=True) as (server, url):
        async with open_client(url, None) as client:
            vectors = OpenSearchVectors(client, ManualClock(), serverless=True)
            await vectors.make(SPACE)
            await vectors.put(SPACE, [passage(text="former")])
            (index,) = server.indexes.values()
            index.documents["left behind"] = next(iter(index.documents.values()))
            index.refresh()
            assert len(await vectors.nearest(SPACE, VECTOR, 5)) == 1
            await vectors.put(SPACE, [passage(text="new")])
            assert await vectors.contents(SPACE) == Contents(1, 1)
