"""The stores that must keep the table port's contract, each empty when a test gets it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from typing import TYPE_CHECKING, Final

from moto import mock_aws
from psycopg import sql

from lisa.adapters.dynamodb.client import make_client
from lisa.adapters.dynamodb.tables import DynamoTables
from lisa.adapters.postgres.connections import Pool, open_pool
from lisa.adapters.postgres.schema import create_tables, table_name
from lisa.ports.clock import Clock
from tests.contract.records import EVERY_TABLE
from tests.dynamodb_tables import create_table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NAMES: Final = {table.name: f"deployed-{table.name}" for table in EVERY_TABLE}


@asynccontextmanager
async def empty_database(conninfo: str) -> AsyncIterator[Pool]:
    """Connect to a database in which the contract's tables are empty."""
    async with open_pool(conninfo) as pool:
        async with pool.connection() as connection:
            await create_tables(connection, EVERY_TABLE)
            for table in EVERY_TABLE:
                await connection.execute(sql.SQL("DELETE FROM {}").format(table_name(table)))
        yield pool


@contextmanager
def emulated_dynamodb(clock: Clock) -> Iterator[DynamoTables]:
    """Emulate DynamoDB.

    One thread: the emulator, unlike DynamoDB, does not shield concurrent writes from each other.
    """
    with mock_aws():
        client = _one_client()
        for table in EVERY_TABLE:
            create_table(client, NAMES[table.name], table)
        yield DynamoTables(client, NAMES, clock, threads=1)


@cache
def _one_client() -> "DynamoDBClient":
    """Make it once: that takes as long as a test, and the emulator is behind it wherever it is."""
    return make_client()
