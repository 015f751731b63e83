"""Filters as SQL: its text is the same for every key and value, which go as parameters."""

from typing import Final, LiteralString, TypeAlias

from psycopg import sql

from lisa.domain.knowledge.filters import Filter, Joined, Joining
from lisa.domain.knowledge.labels import AnyOf, Between, condition_of

Values: TypeAlias = list[list[str] | str]
Condition: TypeAlias = tuple[sql.Composable, Values]

EVERYTHING: Final[Condition] = (sql.SQL("true"), [])
_BETWEEN: Final[LiteralString] = (
    'EXISTS (SELECT FROM unnest(labels) AS label WHERE label COLLATE "C" {low} %s'
    ' AND label COLLATE "C" {high} %s)'
)


def condition(where: Filter | None) -> Condition:
    """Return the condition of a statement, and the values that it takes."""
    if where is None:
        return EVERYTHING
    if isinstance(where, Joined):
        return _joined(where)
    wanted = condition_of(where)
    return _any_of(wanted) if isinstance(wanted, AnyOf) else _between(wanted)


def _joined(where: Joined) -> Condition:
    parts = [condition(each) for each in where.filters]
    word = sql.SQL(" AND ") if where.how is Joining.AND else sql.SQL(" OR ")
    values = [value for _, its in parts for value in its]
    return sql.SQL("({})").format(word.join(part for part, _ in parts)), values


def _any_of(wanted: AnyOf) -> Condition:
    text = sql.SQL("NOT labels && %s::text[]" if wanted.negated else "labels && %s::text[]")
    return text, [list(wanted.labels)]


def _between(wanted: Between) -> Condition:
    low = sql.SQL(">=" if wanted.with_low else ">")
    high = sql.SQL("<=" if wanted.with_high else "<")
    return sql.SQL(_BETWEEN).format(low=low, high=high), [wanted.low, wanted.high]
