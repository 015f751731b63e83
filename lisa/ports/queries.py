"""What a query means: the stretch of a partition it covers, and where its cursor points."""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Final

from lisa.declared.tables import PARTITION, SORT
from lisa.domain.errors import Invalid
from lisa.ports.rows import accepted_key_part, is_whole
from lisa.ports.table import MAX_PAGE, Page, Query, Row

LAST_CHARACTER: Final = 0x10FFFF
SURROGATES: Final = (0xD800, 0xDFFF)


def accepted_query(query: Query) -> Query:
    """Return the query, or refuse it."""
    accepted_key_part(query.partition, "partition")
    for name in ("first", "last", "prefix"):
        if bound := getattr(query, name):
            accepted_key_part(bound, name)
    if query.prefix and (query.first or query.last):
        raise Invalid("a query has bounds or a prefix, not both")
    if not is_whole(query.limit) or not 1 <= query.limit <= MAX_PAGE:
        raise Invalid(f"a page has 1 to {MAX_PAGE} rows")
    start_of(query)
    return query


def partition_name(query: Query) -> str:
    """Return the attribute whose value the rows share."""
    return query.table.index(query.index).partition if query.index else PARTITION


def order_names(query: Query) -> tuple[str, ...]:
    """Return the attributes the rows are ordered by, together different in every row."""
    return (query.table.index(query.index).sort, PARTITION, SORT) if query.index else (SORT,)


def place_in_order(query: Query, row: Row) -> tuple[str, ...]:
    """Return where the row comes in the query's order."""
    return tuple(str(row[name]) for name in order_names(query))


def covers(query: Query, sort: str) -> bool:
    """Tell whether a row with this sort key lies in the query's stretch."""
    within = query.first <= sort and (not query.last or sort <= query.last)
    return within and sort.startswith(query.prefix)


def is_hopeless(query: Query) -> bool:
    """Tell whether no row can lie between the bounds."""
    return bool(query.last) and query.first > query.last


def end_of_prefix(prefix: str) -> str:
    """Return the least string above all that begin with the prefix; nothing if there is none."""
    kept = prefix.rstrip(chr(LAST_CHARACTER))
    if not kept:
        return ""
    following = ord(kept[-1]) + 1
    if following == SURROGATES[0]:
        following = SURROGATES[1] + 1
    return kept[:-1] + chr(following)


def page_of(query: Query, rows: Sequence[Row]) -> Page:
    """Make a page of the rows found, of which one more than its limit may be there."""
    shown = list(rows[: query.limit])
    if len(rows) <= query.limit:
        return Page(shown)
    return Page(shown, _write_cursor(query, place_in_order(query, shown[-1])))


def start_of(query: Query) -> tuple[str, ...] | None:
    """Return the place after which the query goes on, nothing for its beginning."""
    if not query.cursor:
        return None
    try:
        index, *place = json.loads(base64.urlsafe_b64decode(query.cursor.encode("ascii")))
        accepted = tuple(accepted_key_part(part, "cursor") for part in place)
    except (ValueError, TypeError, RecursionError, binascii.Error, Invalid) as error:
        raise _wrong_cursor() from error
    fits = index == query.index and len(accepted) == len(order_names(query))
    if not fits or not covers(query, accepted[0]):
        raise _wrong_cursor()
    return accepted


def _write_cursor(query: Query, place: tuple[str, ...]) -> str:
    return base64.urlsafe_b64encode(json.dumps([query.index, *place]).encode()).decode()


def _wrong_cursor() -> Invalid:
    return Invalid(
        "the cursor does not belong to this query",
        next_step="begin again without a cursor",
        code="wrong_cursor",
    )
