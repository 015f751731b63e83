"""The SQL of the table port."""

from typing import Final, TypeAlias

from psycopg import sql

from lisa.adapters.postgres.schema import attribute, table_name
from lisa.declared.tables import PARTITION, SORT, Table
from lisa.ports.queries import end_of_prefix, order_names, partition_name, start_of
from lisa.ports.table import Query

_Condition: TypeAlias = tuple[sql.Composable, list[str | int]]

LOCK: Final = "SELECT pg_advisory_xact_lock(number) FROM unnest(%s::bigint[]) AS number"

_LIVE: Final = "(expires_at IS NULL OR expires_at > %s)"
_READ: Final = (
    "SELECT pk, sk, doc FROM {table} AS stored"
    " JOIN unnest(%s::text[], %s::text[]) AS wanted (pk, sk) USING (pk, sk)"
    " WHERE (expires_at IS NULL OR expires_at > %s)"
)
_READ_FOR_CHANGE: Final = _READ + " FOR UPDATE OF stored"
_STORE: Final = (
    "INSERT INTO {table} AS stored (pk, sk, doc, expires_at)"
    " SELECT pk, sk, doc::jsonb, expires_at"
    " FROM unnest(%s::text[], %s::text[], %b::text[], %s::bigint[])"
    " AS given (pk, sk, doc, expires_at)"
    " ON CONFLICT (pk, sk) DO UPDATE SET doc = excluded.doc, expires_at = excluded.expires_at"
)
_REMOVE: Final = (
    "DELETE FROM {table} AS stored USING unnest(%s::text[], %s::text[]) AS wanted (pk, sk)"
    " WHERE stored.pk = wanted.pk AND stored.sk = wanted.sk"
)
_PURGE: Final = (
    "DELETE FROM {table} WHERE (pk, sk) IN (SELECT pk, sk FROM {table} WHERE expires_at <= %s"
    " ORDER BY expires_at LIMIT %s FOR UPDATE SKIP LOCKED)"
)
_ASCENDING: Final = (sql.SQL(" > "), sql.SQL(" ASC"))
_DESCENDING: Final = (sql.SQL(" < "), sql.SQL(" DESC"))


def read(table: Table) -> sql.Composed:
    """Rows by key: takes the keys' two columns and the time."""
    return sql.SQL(_READ).format(table=table_name(table))


def read_for_change(table: Table) -> sql.Composed:
    """Rows by key, which nobody else can change until the transaction ends."""
    return sql.SQL(_READ_FOR_CHANGE).format(table=table_name(table))


def store(table: Table) -> sql.Composed:
    """Write whole rows: takes columns of keys, documents and expiries."""
    return sql.SQL(_STORE).format(table=table_name(table))


def remove(table: Table) -> sql.Composed:
    """Delete rows by key: takes the keys' two columns."""
    return sql.SQL(_REMOVE).format(table=table_name(table))


def purge(table: Table) -> sql.Composed:
    """Delete expired rows: takes the time and how many."""
    return sql.SQL(_PURGE).format(table=table_name(table))


def select_page(query: Query, now: int) -> tuple[sql.Composed, list[str | int]]:
    """Return the statement for a page and one row more, and its parameters."""
    after, direction = _DESCENDING if query.newest_first else _ASCENDING
    order = [_expression(name) for name in order_names(query)]
    where: list[_Condition] = [
        (sql.SQL("{} = %s").format(_expression(partition_name(query))), [query.partition]),
        (sql.SQL("{} IS NOT NULL").format(order[0]), []),
        *_bounds(query, order[0]),
        *_beginning(query, order, after),
        (sql.SQL(_LIVE), [now]),
    ]
    statement = sql.SQL("SELECT pk, sk, doc FROM {table} WHERE {where} ORDER BY {order} LIMIT %s")
    return statement.format(
        table=table_name(query.table),
        where=sql.SQL(" AND ").join(condition for condition, _ in where),
        order=sql.SQL(", ").join(each + direction for each in order),
    ), [value for _, values in where for value in values] + [query.limit + 1]


def _bounds(query: Query, sort: sql.Composable) -> list[_Condition]:
    bounds: list[_Condition] = []
    if first := query.first or query.prefix:
        bounds.append((sql.SQL("{} >= %s").format(sort), [first]))
    if query.last:
        bounds.append((sql.SQL("{} <= %s").format(sort), [query.last]))
    if end := end_of_prefix(query.prefix):
        bounds.append((sql.SQL("{} < %s").format(sort), [end]))
    return bounds


def _beginning(query: Query, order: list[sql.Composable], after: sql.SQL) -> list[_Condition]:
    start = start_of(query)
    if start is None:
        return []
    marks = sql.SQL(", ").join([sql.Placeholder()] * len(start))
    place = sql.SQL("({}){}({})").format(sql.SQL(", ").join(order), after, marks)
    return [(place, [*start])]


def _expression(name: str) -> sql.Composable:
    return sql.Identifier(name) if name in {PARTITION, SORT} else attribute(name)
