"""Lexical search: rare words first, each weighed by how few passages have it.

`ts_rank` of one word grows with how often it stands there and is bounded, as in BM25; weighed by
the word's rarity it ranks like BM25, and Postgres computes it. How many passages have a common word
is what ANALYZE noted; of any other word they are counted.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from psycopg import sql

from lisa.adapters.pgvector.conditions import condition
from lisa.adapters.pgvector.connections import Connection
from lisa.adapters.pgvector.rows import KEPT
from lisa.adapters.pgvector.schema import SCHEMA, language_of, name_of, table_of
from lisa.domain.knowledge.filters import Filter
from lisa.domain.knowledge.words import asked_words
from lisa.ports.vectors import Space

MOST_CANDIDATES: Final = 1000  # ranked for one question, as long as rarer words leave a choice
MOST_WEIGHED: Final = 16  # the rarest words of a question; others add next to nothing
COUNTED_UP_TO: Final = 10_000

_WORDS: Final = """
WITH size AS (
  SELECT CASE WHEN reltuples < 0 THEN (SELECT count(*) FROM {table}) ELSE reltuples END AS passages
  FROM pg_class WHERE oid = %(table)s::regclass
), common AS MATERIALIZED (
  SELECT word, frequency FROM pg_stats,
    unnest(most_common_elems::text::text[], most_common_elem_freqs) AS known (word, frequency)
  WHERE schemaname = %(schema)s AND tablename = %(name)s AND attname = 'words'
)
SELECT plainto_tsquery('pg_catalog.simple', word)::text, passages, coalesce(
  (SELECT frequency * passages FROM common WHERE common.word = asked.word),
  (SELECT count(*) FROM (SELECT FROM {table}
    WHERE words @@ plainto_tsquery('pg_catalog.simple', asked.word) LIMIT %(most)s) AS counted))
FROM size, unnest(tsvector_to_array(to_tsvector(%(language)s::regconfig, %(text)s))) AS asked (word)
"""
_RANKED: Final = """
WITH best AS (
  SELECT id, {score} AS score FROM {table} WHERE words @@ %s::tsquery AND {condition}
  ORDER BY score DESC, id LIMIT %s
)
SELECT {kept}, score FROM best JOIN {table} USING (id) ORDER BY score DESC, id
"""
_OF_A_WORD: Final = sql.SQL("%s::float8 * ts_rank(words, %s::tsquery)")


@dataclass(frozen=True)
class Asked:
    """A word of a question as Postgres searches it, and about how many passages have it."""

    query: str
    passages: float
    weight: float


async def matching(
    connection: Connection, space: Space, text: str, limit: int, where: Filter | None
) -> list[tuple[Any, ...]]:
    """Return the best rows with their scores, best first.

    Common words only rank what has a rarer one, unless that leaves fewer than were asked for.
    """
    words = await _words(connection, space, asked_words(text))
    rare = _rare(words)
    rows = await _ranked(connection, space, words, rare, limit, where)
    if len(rows) < limit and len(rare) < len(words):
        rows = await _ranked(connection, space, words, words, limit, where)
    return rows


def _rare(words: Sequence[Asked]) -> Sequence[Asked]:
    """Return the rarest words that together are in few passages; at least the rarest one."""
    candidates = 0.0
    for place, word in enumerate(words):
        candidates += word.passages
        if place and candidates > MOST_CANDIDATES:
            return words[:place]
    return words


async def _words(connection: Connection, space: Space, text: str) -> list[Asked]:
    """Return the words that any passage has, the rarest first."""
    table = table_of(space.uid)
    found = await connection.execute(
        sql.SQL(_WORDS).format(table=table),
        {
            "table": f"{SCHEMA}.{name_of(space.uid)}",
            "schema": SCHEMA,
            "name": name_of(space.uid),
            "most": COUNTED_UP_TO,
            "language": language_of(space),
            "text": text,
        },
    )
    words = [
        Asked(query, having, _rarity(max(passages, having), having))
        async for query, passages, having in found
        if having
    ]
    return sorted(words, key=lambda word: (word.passages, word.query))


def _rarity(passages: float, having: float) -> float:
    """Return BM25's weight of a word."""
    return math.log(1 + (passages - having + 0.5) / (having + 0.5))


async def _ranked(
    connection: Connection,
    space: Space,
    words: Sequence[Asked],
    candidates: Sequence[Asked],
    limit: int,
    where: Filter | None,
) -> list[tuple[Any, ...]]:
    if not candidates:
        return []
    text, values = condition(where)
    weighed = [part for word in words[:MOST_WEIGHED] for part in (word.weight, word.query)]
    score = sql.SQL(" + ").join([_OF_A_WORD] * (len(weighed) // 2))
    found = await connection.execute(
        sql.SQL(_RANKED).format(table=table_of(space.uid), condition=text, kept=KEPT, score=score),
        [*weighed, " | ".join(word.query for word in candidates), *values, limit],
    )
    return await found.fetchall()
