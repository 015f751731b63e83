"""Passages in Postgres: pgvector finds the nearest, full text search the matching ones."""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from pgvector import HalfVector
from psycopg import sql

from lisa.adapters.pgvector.conditions import condition
from lisa.adapters.pgvector.connections import Connection, Connections, Pool, know_vectors
from lisa.adapters.pgvector.graph import (
    BUILD_SECONDS,
    LARGE_BYTES,
    build_graph,
    has_graph,
    wants_graph,
)
from lisa.adapters.pgvector.matching import matching
from lisa.adapters.pgvector.rows import KEPT, passage_of, row_of
from lisa.adapters.pgvector.schema import language_of, make_space, table_of
from lisa.domain.knowledge.filters import Filter
from lisa.domain.knowledge.passage import Embedded, Found
from lisa.ports.vector_rules import accepted_passages, accepted_vector
from lisa.ports.vectors import Contents, Space

_PUT: Final = """
INSERT INTO {table} (id, document_id, ordinal, passage, labels, words, vector)
VALUES (%(id)s, %(document_id)s, %(ordinal)s, %(passage)s, %(labels)s,
  to_tsvector(%(language)s::regconfig, %(words)s), %(vector)b)
ON CONFLICT (id) DO UPDATE SET document_id = excluded.document_id, ordinal = excluded.ordinal,
  passage = excluded.passage, labels = excluded.labels, words = excluded.words,
  vector = excluded.vector
"""
_KEEP: Final = "DELETE FROM {table} WHERE document_id = %s AND ordinal >= %s"
_OF_DOCUMENT: Final = """
SELECT {kept}, vector FROM {table} WHERE document_id = %s AND ordinal >= %s
ORDER BY ordinal, id LIMIT %s
"""
_NEAREST: Final = """
SELECT {kept}, vector <=> %b AS distance FROM {table} WHERE {condition} ORDER BY distance LIMIT %s
"""
_CONTENTS: Final = "SELECT count(DISTINCT document_id), count(*) FROM {table}"
Rows: TypeAlias = list[tuple[Any, ...]]


class PgVectors:
    """Keeps each space's passages in a table of its own."""

    def __init__(self, pool: Pool, large_bytes: int = LARGE_BYTES) -> None:
        """Work over an open pool; a space of so many bytes gets a graph."""
        self._large_bytes = large_bytes
        self._connections = Connections(pool)

    async def make(self, space: Space) -> None:
        """Make room; where there is some already, nothing changes."""

        async def work(connection: Connection) -> None:
            await make_space(connection, space)

        await self._connections.run(work)

    async def drop(self, uid: str) -> None:
        """Remove a space with all that is in it; what isn't there is removed already."""
        statement = sql.SQL("DROP TABLE IF EXISTS {}").format(table_of(uid))

        async def work(connection: Connection) -> None:
            await connection.execute(statement)

        await self._connections.run(work)

    async def put(self, space: Space, passages: Sequence[Embedded]) -> None:
        """Store passages, each in the place of one with the same id."""
        accepted = accepted_passages(passages, space.dimension)
        rows = [row_of(each, language_of(space)) for each in accepted]
        statement = sql.SQL(_PUT).format(table=table_of(space.uid))

        async def work(connection: Connection) -> bool:
            await know_vectors(connection)
            await connection.cursor().executemany(statement, rows)
            return await wants_graph(connection, space.uid, self._large_bytes)

        async def build(connection: Connection) -> None:
            await build_graph(connection, space.uid)

        if await self._connections.run(work):
            await self._connections.run(build, BUILD_SECONDS)

    async def keep(self, space: Space, document_id: str, ordinals: int) -> None:
        """Remove a document's passages from this ordinal on; 0 removes the document."""
        statement = sql.SQL(_KEEP).format(table=table_of(space.uid))

        async def work(connection: Connection) -> None:
            await connection.execute(statement, [document_id, ordinals])

        await self._connections.run_if_there(work, None)

    async def of_document(
        self, space: Space, document_id: str, first: int, limit: int
    ) -> list[Embedded]:
        """Return a document's passages in order, from an ordinal on, with their vectors."""
        statement = sql.SQL(_OF_DOCUMENT).format(table=table_of(space.uid), kept=KEPT)

        async def work(connection: Connection) -> list[Embedded]:
            await know_vectors(connection)
            found = await connection.execute(statement, [document_id, first, limit], binary=True)
            return [Embedded(passage_of(*kept), vector.to_list()) async for *kept, vector in found]

        return await self._connections.run_if_there(work, [])

    async def nearest(
        self, space: Space, vector: Sequence[float], limit: int, where: Filter | None = None
    ) -> list[Found]:
        """Return the passages nearest by cosine; as many as fit where there are so many."""
        asked = HalfVector(accepted_vector(vector, space.dimension))
        text, values = condition(where)
        statement = sql.SQL(_NEAREST).format(table=table_of(space.uid), kept=KEPT, condition=text)

        async def work(connection: Connection) -> Rows:
            await know_vectors(connection)
            found = await connection.execute(statement, [asked, *values, limit])
            rows = await found.fetchall()
            if len(rows) < limit and await has_graph(connection, space.uid):
                await connection.execute("SET LOCAL enable_indexscan = off")
                rows = await (
                    await connection.execute(statement, [asked, *values, limit])
                ).fetchall()
            return rows

        rows: Rows = await self._connections.run_if_there(work, [])
        rows.sort(key=lambda row: (row[-1], row[0]))
        return [Found(passage_of(*kept), 1 - distance) for *kept, distance in rows]

    async def matching(
        self, space: Space, text: str, limit: int, where: Filter | None = None
    ) -> list[Found]:
        """Return the passages whose words match best; any word of the text may match."""

        async def work(connection: Connection) -> Rows:
            return await matching(connection, space, text, limit, where)

        rows: Rows = await self._connections.run_if_there(work, [])
        return [Found(passage_of(*kept), score) for *kept, score in rows]

    async def contents(self, space: Space) -> Contents:
        """Count what is there."""
        statement = sql.SQL(_CONTENTS).format(table=table_of(space.uid))

        async def work(connection: Connection) -> Contents:
            found = await (await connection.execute(statement)).fetchone()
            return Contents(*(found or (0, 0)))

        return await self._connections.run_if_there(work, Contents(0, 0))
