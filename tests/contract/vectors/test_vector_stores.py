"""Each repository's passages are in the store that it names; stores of both kinds serve at once."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from psycopg.conninfo import conninfo_to_dict

from lisa.adapters.environment.secrets import EnvironmentSecrets
from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.memory.tables import MemoryTables
from lisa.adapters.opensearch.vectors import OpenSearchVectors
from lisa.adapters.pgvector.addresses import conninfo_of
from lisa.adapters.pgvector.vectors import PgVectors
from lisa.bootstrap.vector_stores import VectorStores, pgvector_at
from lisa.domain.errors import Invalid, NotFound, Unavailable
from lisa.domain.knowledge.chunking import Chunking
from lisa.domain.knowledge.repository import Repository, RepositoryStatus, Store, StoreKind
from lisa.ports.vectors import Contents, Space
from lisa.stores.knowledge.repositories import RepositoryStore
from lisa.usecases.remembered_secrets import RememberedSecrets
from tests.contract.vectors.passages import passage
from tests.standins.opensearch.server import running_opensearch

NOW = datetime(2030, 1, 1, tzinfo=UTC)
SECRETS = {"PLAIN": "ana:se:cret", "RDS": '{"username": "ana", "password": "p"}', "BAD": "nothing"}
SPACE = Space("of_stores", 3)


@pytest.fixture
async def repositories() -> RepositoryStore:
    return RepositoryStore(MemoryTables(ManualClock()))


@pytest.fixture
async def stores(repositories: RepositoryStore, postgres: str) -> AsyncIterator[VectorStores]:
    clock = ManualClock()
    secrets = RememberedSecrets({"env": EnvironmentSecrets(SECRETS)}, clock)
    own = {StoreKind.PGVECTOR: pgvector_at(postgres)}
    async with VectorStores(repositories, secrets, clock, own).running() as running:
        yield running


def place(kind: StoreKind, address: str = "", credentials: str = "") -> Store:
    return Store(kind=kind, address=address, credentials=credentials, options={})


async def add(repositories: RepositoryStore, id_: str, store: Store) -> None:
    await repositories.add(
        Repository(
            id=id_,
            uid=f"u{id_}",
            name=id_,
            store=store,
            chunking=Chunking(),
            facts={},
            status=RepositoryStatus.READY,
            created=NOW,
            created_by="ana",
            updated=NOW,
        )
    )


async def test_stores_of_both_kinds_serve_side_by_side(
    repositories: RepositoryStore, stores: VectorStores
) -> None:
    with running_opensearch() as (_, url):
        await add(repositories, "own", place(StoreKind.PGVECTOR))
        await add(repositories, "else", place(StoreKind.OPENSEARCH, address=url))
        for id_, kind in (("own", PgVectors), ("else", OpenSearchVectors)):
            vectors = await stores.of(id_)
            assert isinstance(vectors, kind)
            await vectors.drop(SPACE.uid)
            await vectors.make(SPACE)
            await vectors.put(SPACE, [passage(id_)])
            assert await vectors.contents(SPACE) == Contents(1, 1)
            assert await stores.of(id_) is vectors
            await vectors.drop(SPACE.uid)


async def test_a_login_comes_from_where_secrets_lie(
    repositories: RepositoryStore, stores: VectorStores
) -> None:
    with running_opensearch() as (server, url):
        for secret in ("PLAIN", "RDS"):
            store = place(StoreKind.OPENSEARCH, address=url, credentials=f"env:{secret}")
            await add(repositories, secret.lower(), store)
            await (await stores.of(secret.lower())).contents(SPACE)
        assert server.authorizations == ["Basic YW5hOnNlOmNyZXQ=", "Basic YW5hOnA="]


async def test_a_login_that_cannot_be_read_is_told(stores: VectorStores) -> None:
    for secret in ("env:BAD", "env:MISSING"):
        store = place(StoreKind.PGVECTOR, address="db.example.org:5432/lisa", credentials=secret)
        with pytest.raises(Unavailable):
            await stores.at(store)


async def test_a_repository_that_is_not_there_has_no_store(stores: VectorStores) -> None:
    with pytest.raises(NotFound):
        await stores.of("nobody")


async def test_a_kind_that_the_deployment_lacks_needs_an_address(stores: VectorStores) -> None:
    with pytest.raises(Unavailable, match="of its own"):
        await stores.at(place(StoreKind.OPENSEARCH))


@pytest.mark.parametrize(
    "address", ["http://search.example.org", "https://169.254.169.254", "ftp://127.0.0.1"]
)
async def test_an_opensearch_where_none_should_be_is_refused(
    stores: VectorStores, address: str
) -> None:
    with pytest.raises(Invalid):
        await stores.at(place(StoreKind.OPENSEARCH, address=address))


def test_a_postgres_elsewhere_is_talked_to_in_secret() -> None:
    told = conninfo_to_dict(conninfo_of("db.example.org/lisa", "ana", "p' w=\\1"))
    assert told == {
        "host": "db.example.org",
        "port": "5432",
        "dbname": "lisa",
        "user": "ana",
        "password": "p' w=\\1",
        "sslmode": "require",
    }


@pytest.mark.parametrize(
    "address", ["", "host", "/db", "host:x/db", "a@host/db", "host/db?sslmode=disable", "host/db#x"]
)
def test_what_is_no_address_of_a_database_is_refused(address: str) -> None:
    with pytest.raises(Invalid):
        conninfo_of(address, "ana", "p")
