"""The table port: DynamoDB's semantics and no more, over every store we keep rows in.

Get, get-many and a query by partition always see the latest write. A query by index may lag; no
rule may rest on one. Every adapter passes `tests/contract/test_tables.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol, TypeAlias

from lisa.declared.tables import Table

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Row: TypeAlias = dict[str, Json]

MAX_ROW_BYTES: Final = 400 * 1024
MAX_STEPS: Final = 100
MAX_TRANSACTION_BYTES: Final = 4 * 1024 * 1024
MAX_PAGE: Final = 1000


class Key(NamedTuple):
    """Where a row lies: its partition, and its place in the order there."""

    pk: str
    sk: str


@dataclass(frozen=True)
class When:
    """The state the row must be in for a write to happen; the default is any."""

    present: bool | None = None
    version: int | None = None


ALWAYS: Final = When()
ABSENT: Final = When(present=False)
PRESENT: Final = When(present=True)


def at_version(version: int) -> When:
    """Let the write happen only if the row is there and its `version` is this one."""
    return When(present=True, version=version)


@dataclass(frozen=True)
class Put:
    """Store the row, replacing whatever has its key."""

    table: Table
    row: Row
    when: When = ALWAYS


@dataclass(frozen=True)
class Update:
    """Change some attributes of a row; where there is none, start from an empty one."""

    table: Table
    key: Key
    values: Mapping[str, Json] = field(default_factory=dict)
    add: Mapping[str, int] = field(default_factory=dict)
    remove: Sequence[str] = ()
    when: When = ALWAYS


@dataclass(frozen=True)
class Delete:
    """Remove the row; removing what isn't there is no failure."""

    table: Table
    key: Key
    when: When = ALWAYS


@dataclass(frozen=True)
class Check:
    """Change nothing, but let the transaction happen only if this holds."""

    table: Table
    key: Key
    when: When


Step: TypeAlias = Put | Update | Delete | Check


@dataclass(frozen=True)
class Query:
    """The rows of one partition in byte order of their sort key: of the table, or of an index.

    `first` and `last` are inclusive bounds, `prefix` a beginning; use bounds or a prefix, not both.
    """

    table: Table
    partition: str
    index: str = ""
    first: str = ""
    last: str = ""
    prefix: str = ""
    newest_first: bool = False
    limit: int = 100
    cursor: str = ""


@dataclass(frozen=True)
class Page:
    """Rows, and the cursor from which a further query goes on; an empty cursor means the end."""

    rows: list[Row]
    cursor: str = ""


class Tables(Protocol):
    """Keeps rows.

    Raises `Invalid` for keys, values, limits or cursors it can't take, `TooLarge` for a row over
    400 KB or a transaction over 4 MB, `ConditionFailed` where a `When` does not hold, and
    `Unavailable` when the store can't answer.
    """

    async def get(self, table: Table, key: Key) -> Row | None:
        """Return the row as last written, or nothing."""

    async def get_many(self, table: Table, keys: Sequence[Key]) -> list[Row]:
        """Return those of the rows that exist, in the order of the keys; any number of keys."""

    async def query(self, query: Query) -> Page:
        """Return a page: `limit` rows, or fewer only where the partition ends."""

    async def apply(self, step: Put | Update | Delete) -> Row | None:
        """Do one write; return the row as it then stands, nothing after a delete."""

    async def transact(self, steps: Sequence[Step]) -> None:
        """Do all of at most 100 steps on different rows, or none of them."""

    async def delete_many(self, table: Table, keys: Sequence[Key]) -> None:
        """Remove any number of rows, in batches; not all or nothing."""
