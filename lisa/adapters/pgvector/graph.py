"""The graph that finds the nearest passages, made as soon as a space is too large to look at all.

A small space needs none: comparing everything takes milliseconds and is exact. Building the graph
of what is there at once costs less than inserting it one by one.
"""

from typing import Final

from psycopg import sql

from lisa.adapters.pgvector.connections import Connection
from lisa.adapters.pgvector.schema import SCHEMA, name_of, table_of

LARGE_BYTES: Final = 16 * 1024 * 1024  # a few thousand passages
BUILD_SECONDS: Final = 900.0  # as _LIMITS says

_SIZE: Final = "SELECT to_regclass(%s) IS NULL AND pg_table_size(%s::regclass) > %s"
_LIMITS: Final = "SET LOCAL statement_timeout = '15min'"
_MEMORY: Final = "SET LOCAL maintenance_work_mem = '128MB'"
_ALONE: Final = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"
_BUILD: Final = """
CREATE INDEX IF NOT EXISTS {} ON {} USING hnsw (vector halfvec_cosine_ops)
WITH (m = 16, ef_construction = 64)
"""


async def wants_graph(connection: Connection, uid: str, large: int) -> bool:
    """Tell whether the space has no graph, and as many bytes as call for one."""
    asked = [_full_name(uid), f"{SCHEMA}.{name_of(uid)}", large]
    return await (await connection.execute(_SIZE, asked)).fetchone() == (True,)


async def has_graph(connection: Connection, uid: str) -> bool:
    """Tell whether the space has its graph."""
    found = await connection.execute("SELECT to_regclass(%s) IS NOT NULL", [_full_name(uid)])
    return await found.fetchone() == (True,)


async def build_graph(connection: Connection, uid: str) -> None:
    """Build the graph, unless somebody does so already; others read meanwhile."""
    await connection.execute(_LIMITS)
    await connection.execute(_MEMORY)
    alone = await connection.execute(_ALONE, [_full_name(uid)])
    if await alone.fetchone() == (True,):
        statement = sql.SQL(_BUILD).format(sql.Identifier(_graph_of(uid)), table_of(uid))
        await connection.execute(statement)


def _graph_of(uid: str) -> str:
    return f"{name_of(uid)}_vector"


def _full_name(uid: str) -> str:
    return f"{SCHEMA}.{_graph_of(uid)}"
