"""The tables that the contract is checked on, and short ways to fill and read them."""

from typing import Any, Final

from lisa.adapters.memory.clock import START
from lisa.declared.tables import (
    ACCOUNTS,
    ALLOWANCES,
    AUDIT,
    CONFIGURATION,
    EVALUATIONS,
    MODELS,
    PEOPLE,
    PROJECTS,
    PROMPTS,
    RAG_DOCUMENTS,
    RAG_JOBS,
    REPOSITORIES,
    SESSIONS,
    TOOL_SERVERS,
    USAGE,
    Index,
    Table,
)
from lisa.ports.table import Json, Key, Put, Query, Row, Tables

RECORDS: Final = Table(
    "contract_records",
    indexes=(
        Index("by_group", partition="group", sort="rank"),
        Index("by_rank", partition="rank", sort="label"),
    ),
    expires=True,
)
PLAIN: Final = Table("contract_plain")
EVERY_TABLE: Final = (
    RECORDS,
    PLAIN,
    USAGE,
    ALLOWANCES,
    SESSIONS,
    PROJECTS,
    PROMPTS,
    TOOL_SERVERS,
    CONFIGURATION,
    AUDIT,
    MODELS,
    ACCOUNTS,
    PEOPLE,
    REPOSITORIES,
    EVALUATIONS,
    RAG_DOCUMENTS,
    RAG_JOBS,
)
KEY: Final = Key("a", "1")
NOW: Final = int(START.timestamp())


def record(pk: str = "a", sk: str = "1", **attributes: Json) -> Row:
    """Make a row."""
    return {"pk": pk, "sk": sk, **attributes}


async def fill(tables: Tables, *rows: Row) -> None:
    """Store the rows."""
    for row in rows:
        await tables.apply(Put(RECORDS, row))


async def sort_keys(tables: Tables, query: Query) -> list[Json]:
    """Return the sort keys on one page."""
    return [row["sk"] for row in (await tables.query(query)).rows]


async def walk(tables: Tables, **query: Any) -> list[Json]:
    """Return the sort keys on all pages."""
    found: list[Json] = []
    cursor = ""
    while True:
        page = await tables.query(Query(RECORDS, **query, cursor=cursor))
        found += [row["sk"] for row in page.rows]
        if not (cursor := page.cursor):
            return found
