"""What only Postgres can do to us: lose connections, deadlock, be asked to create at once."""

import asyncio
from collections.abc import AsyncIterator
from typing import NamedTuple

import pytest
from psycopg import sql

from lisa.adapters.memory.clock import ManualClock
from lisa.adapters.postgres.connections import Pool, open_pool
from lisa.adapters.postgres.schema import create_tables
from lisa.adapters.postgres.tables import PostgresTables
from lisa.domain.errors import Unavailable
from lisa.ports.table import Key, Put, Query, Update
from tests.contract.records import EVERY_TABLE, KEY, NOW, RECORDS, fill, record, sort_keys
from tests.contract.stores import empty_database

TERMINATE = "PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5)"


class Database(NamedTuple):
    """Rows, and a way around them."""

    tables: PostgresTables
    pool: Pool


@pytest.fixture
async def database(postgres: str, clock: ManualClock) -> AsyncIterator[Database]:
    async with empty_database(postgres) as pool:
        yield Database(PostgresTables(pool, clock), pool)
        async with pool.connection() as connection:
            await connection.execute("DROP FUNCTION IF EXISTS disturb CASCADE")
            await connection.execute("DROP SEQUENCE IF EXISTS disturbances")


async def disturb(pool: Pool, action: str, times: int = 1, *, at_commit: bool = False) -> None:
    """Let the first so many writes of a row end in this, when written or when committed."""
    timing = "DEFERRABLE INITIALLY DEFERRED" if at_commit else "NOT DEFERRABLE"
    async with pool.connection() as connection:
        await connection.execute("CREATE SEQUENCE disturbances")
        await connection.execute(
            sql.SQL(
                "CREATE FUNCTION disturb() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                " IF nextval('disturbances') <= {} THEN {}; END IF; RETURN NULL; END $$"
            ).format(times, sql.SQL(action))
        )
        await connection.execute(
            sql.SQL(
                "CREATE CONSTRAINT TRIGGER disturb AFTER INSERT OR UPDATE"
                " ON lisa.contract_records {} FOR EACH ROW EXECUTE FUNCTION disturb()"
            ).format(sql.SQL(timing))
        )


async def disturbances(pool: Pool) -> int:
    async with pool.connection() as connection:
        cursor = await connection.execute("SELECT last_value FROM disturbances")
        (count,) = await cursor.fetchone() or (0,)
        return int(count)


async def kill_all_connections(postgres: str) -> None:
    async with open_pool(postgres, size=1) as other, other.connection() as connection:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )


async def test_killed_connections_fail_no_request(database: Database, postgres: str) -> None:
    tables = database.tables
    await fill(tables, *(record(sk=str(n)) for n in range(9)))
    await asyncio.gather(*(tables.get(RECORDS, Key("a", str(n))) for n in range(9)))
    for _ in range(3):
        await kill_all_connections(postgres)
        rows = await asyncio.gather(*(tables.get(RECORDS, Key("a", str(n))) for n in range(9)))
        assert rows == [record(sk=str(n)) for n in range(9)]
        await kill_all_connections(postgres)
        await asyncio.gather(
            *(tables.apply(Update(RECORDS, Key("b", str(n)), add={"n": 1})) for n in range(9))
        )
    page = await tables.query(Query(RECORDS, "b"))
    assert page.rows == [record("b", str(n), n=3) for n in range(9)]


async def test_a_write_is_repeated_when_it_was_lost_before_its_commit(database: Database) -> None:
    await disturb(database.pool, TERMINATE)
    assert await database.tables.apply(Update(RECORDS, KEY, add={"n": 1})) == record(n=1)
    assert await disturbances(database.pool) == 2


async def test_a_write_is_not_repeated_when_it_was_lost_in_its_commit(database: Database) -> None:
    await disturb(database.pool, TERMINATE, at_commit=True)
    with pytest.raises(Unavailable, match="may have been stored"):
        await database.tables.apply(Update(RECORDS, KEY, add={"n": 1}))
    assert await disturbances(database.pool) == 1


async def test_a_deadlock_is_tried_again_a_few_times(database: Database) -> None:
    await disturb(database.pool, "RAISE EXCEPTION USING ERRCODE = '40P01'", times=3)
    assert await database.tables.apply(Put(RECORDS, record(n=1))) == record(n=1)
    assert await disturbances(database.pool) == 4


async def test_endless_deadlocks_are_given_up(database: Database) -> None:
    await disturb(database.pool, "RAISE EXCEPTION USING ERRCODE = '40P01'", times=99)
    with pytest.raises(Unavailable, match="same rows"):
        await database.tables.transact([Put(RECORDS, record())])


async def test_a_statement_that_takes_too_long_is_unavailable(database: Database) -> None:
    await disturb(database.pool, "RAISE EXCEPTION USING ERRCODE = '57014'")
    with pytest.raises(Unavailable, match="in time"):
        await database.tables.apply(Put(RECORDS, record()))


async def test_no_server_is_unavailable(clock: ManualClock) -> None:
    async with open_pool("host=/nonexistent dbname=x", wait_seconds=0.2) as pool:
        with pytest.raises(Unavailable):
            await PostgresTables(pool, clock).get(RECORDS, KEY)


async def test_many_processes_may_create_the_tables_at_once(postgres: str) -> None:
    async with open_pool(postgres, size=8) as pool:
        async with pool.connection() as connection:
            await connection.execute("DROP SCHEMA IF EXISTS lisa CASCADE")

        async def create() -> None:
            async with pool.connection() as connection:
                await create_tables(connection, EVERY_TABLE)

        await asyncio.gather(*(create() for _ in range(8)))


async def test_expired_rows_are_swept_a_few_at_a_time(
    database: Database, clock: ManualClock
) -> None:
    tables = database.tables
    await fill(tables, *(record(sk=str(n), expires_at=NOW + n) for n in range(6)), record(sk="x"))
    clock.advance(4)
    swept = [await tables.purge_expired(RECORDS, limit=2) for _ in range(4)]
    assert swept == [2, 2, 1, 0]
    assert await sort_keys(tables, Query(RECORDS, "a")) == ["5", "x"]


async def test_a_row_renewed_while_it_is_swept_stays(
    database: Database, clock: ManualClock
) -> None:
    tables = database.tables
    for _ in range(20):
        now = int(clock.now().timestamp())
        await fill(tables, record(expires_at=now))
        await asyncio.gather(
            tables.purge_expired(RECORDS),
            tables.apply(Put(RECORDS, record(expires_at=now + 9))),
            tables.purge_expired(RECORDS),
        )
        assert await tables.get(RECORDS, KEY) == record(expires_at=now + 9)
        clock.advance(10)
