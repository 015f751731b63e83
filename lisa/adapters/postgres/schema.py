"""The tables in Postgres: one per declared table, all in the schema `lisa`."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Final

from psycopg import AsyncConnection, sql

from lisa.declared.tables import Index, Table

SCHEMA: Final = "lisa"
SCHEMA_LOCK: Final = 0x6C697361
MAX_NAME_LENGTH: Final = 63

_TABLE: Final = sql.SQL(
    "CREATE TABLE IF NOT EXISTS {table} ("
    ' pk text COLLATE "C" NOT NULL, sk text COLLATE "C" NOT NULL,'
    " doc jsonb NOT NULL, expires_at bigint, PRIMARY KEY (pk, sk))"
)
_INDEX: Final = sql.SQL(
    "CREATE INDEX IF NOT EXISTS {name} ON {table} ({partition}, {sort})"
    " WHERE {partition} IS NOT NULL AND {sort} IS NOT NULL"
)
_EXPIRY: Final = sql.SQL(
    "CREATE INDEX IF NOT EXISTS {name} ON {table} (expires_at) WHERE expires_at IS NOT NULL"
)


async def create_tables(connection: AsyncConnection, tables: Sequence[Table]) -> None:
    """Create whatever isn't there yet; several processes may do so at once."""
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock(%s)", [SCHEMA_LOCK])
        await connection.execute(
            sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(SCHEMA))
        )
        for table in tables:
            for statement in _statements(table):
                await connection.execute(statement)


def table_name(table: Table) -> sql.Identifier:
    """Return the table's full name."""
    return sql.Identifier(SCHEMA, table.name)


def attribute(name: str) -> sql.Composed:
    """Return the expression for an attribute of a row, in byte order."""
    return sql.SQL('((doc ->> {}) COLLATE "C")').format(sql.Literal(name))


def _statements(table: Table) -> Iterator[sql.Composed]:
    yield _TABLE.format(table=table_name(table))
    for index in table.indexes:
        yield _index_statement(table, index)
    if table.expires:
        yield _EXPIRY.format(name=_index_name(table, "expiry"), table=table_name(table))


def _index_statement(table: Table, index: Index) -> sql.Composed:
    return _INDEX.format(
        name=_index_name(table, index.name),
        table=table_name(table),
        partition=attribute(index.partition),
        sort=attribute(index.sort),
    )


def _index_name(table: Table, name: str) -> sql.Identifier:
    full = f"{table.name}.{name}"
    if len(full) > MAX_NAME_LENGTH:
        full = f"{full[:40]}.{hashlib.sha256(full.encode()).hexdigest()[:16]}"
    return sql.Identifier(full)
