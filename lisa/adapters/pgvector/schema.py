"""A table per space in the schema `knowledge`, with its indexes, and what they need to be there."""

from typing import Final, LiteralString

from psycopg import sql
from psycopg.errors import FeatureNotSupported, InsufficientPrivilege, UndefinedFile

from lisa.adapters.pgvector.connections import Connection
from lisa.domain.errors import Invalid, Unavailable
from lisa.ports.vector_rules import accepted_uid
from lisa.ports.vectors import Space

SCHEMA: Final = "knowledge"
SCHEMA_LOCK: Final = 0x6B6E6F77
LARGEST_DIMENSION: Final = 4000  # of a halfvec's index
OLDEST_PGVECTOR: Final = (0, 8)  # the first whose searches go on where a filter leaves too few
PLAIN: Final = "simple"
_LANGUAGES: Final = """
arabic armenian basque catalan danish dutch english finnish french german greek hindi hungarian
indonesian irish italian lithuanian nepali norwegian portuguese romanian russian serbian simple
spanish swedish tamil turkish yiddish
"""
LANGUAGES: Final = frozenset(_LANGUAGES.split())

_LOCK: Final = "SELECT pg_advisory_xact_lock(%s)"
_TABLE: Final = """
CREATE TABLE {table} (
  id text COLLATE "C" PRIMARY KEY,
  document_id text COLLATE "C" NOT NULL,
  ordinal integer NOT NULL,
  passage jsonb NOT NULL,
  labels text[] COLLATE "C" NOT NULL,
  words tsvector NOT NULL,
  vector halfvec({dimension}) NOT NULL
)
"""
_INLINE: Final = "ALTER TABLE {table} ALTER COLUMN vector SET STORAGE MAIN"
# Every search reads what a GIN index has still pending, so that stays short.
_INDEXES: Final = {
    "place": "{table} (document_id, ordinal)",
    "labels": "{table} USING gin (labels) WITH (gin_pending_list_limit = 256)",
    "words": "{table} USING gin (words) WITH (gin_pending_list_limit = 256)",
}


def table_of(uid: str) -> sql.Identifier:
    """Return the full name of a space's table."""
    return sql.Identifier(SCHEMA, name_of(uid))


def name_of(uid: str) -> str:
    """Return the name of a space's table in its schema."""
    return f"space_{accepted_uid(uid)}"


def language_of(space: Space) -> str:
    """Return the configuration that stems a space's words; unknown languages aren't stemmed."""
    return f"pg_catalog.{space.language if space.language in LANGUAGES else PLAIN}"


async def make_space(connection: Connection, space: Space) -> None:
    """Make whatever isn't there yet; several processes may do so at once."""
    if not 0 < space.dimension <= LARGEST_DIMENSION:
        raise Invalid(
            f"pgvector finds vectors of at most {LARGEST_DIMENSION} numbers quickly,"
            f" these have {space.dimension}",
            code="too_many_dimensions",
            next_step="use another embedding model, or a repository in OpenSearch",
        )
    await connection.execute(_LOCK, [SCHEMA_LOCK])
    if await _is_there("to_regclass", f"{SCHEMA}.{name_of(space.uid)}", connection):
        return
    await _have_pgvector(connection)
    if not await _is_there("to_regnamespace", SCHEMA, connection):
        await connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(SCHEMA)))
    table = table_of(space.uid)
    await connection.execute(sql.SQL(_TABLE).format(table=table, dimension=space.dimension))
    await connection.execute(sql.SQL(_INLINE).format(table=table))
    for kind, on in _INDEXES.items():
        index = sql.Identifier(f"{name_of(space.uid)}_{kind}")
        await connection.execute(
            sql.SQL("CREATE INDEX {} ON ").format(index) + sql.SQL(on).format(table=table)
        )


async def _is_there(what: LiteralString, name: str, connection: Connection) -> bool:
    """Ask first: who may not create a schema may still use one."""
    found = await connection.execute(
        sql.SQL("SELECT {}(%s) IS NOT NULL").format(sql.SQL(what)), [name]
    )
    return await found.fetchone() == (True,)


async def _have_pgvector(connection: Connection) -> None:
    version = await _pgvector_version(connection)
    if version is None:
        await _create_pgvector(connection)
        version = await _pgvector_version(connection) or "0"
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST_PGVECTOR:
        raise Unavailable(
            f"the database has pgvector {version}; LISA needs 0.8 or newer",
            code="old_pgvector",
            next_step="ask the database's administrator for ALTER EXTENSION vector UPDATE",
        )


async def _create_pgvector(connection: Connection) -> None:
    try:
        await connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
    except InsufficientPrivilege as error:
        raise Unavailable(
            "this database has no pgvector, and LISA's user may not create it",
            code="no_pgvector",
            next_step="ask the database's administrator for CREATE EXTENSION vector",
        ) from error
    except (FeatureNotSupported, UndefinedFile) as error:
        raise Unavailable(
            "this Postgres server has no pgvector",
            code="no_pgvector",
            next_step="use a server that has pgvector 0.8 or newer",
        ) from error


async def _pgvector_version(connection: Connection) -> str | None:
    found = await connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
    row = await found.fetchone()
    return str(row[0]) if row else None
