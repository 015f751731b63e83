"""Rows in DynamoDB."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from lisa.adapters.dynamodb.attributes import read_row, write_row
from lisa.adapters.dynamodb.calls import Calls, Patience, translated
from lisa.adapters.dynamodb.client import THREADS
from lisa.adapters.dynamodb.expressions import query_arguments
from lisa.adapters.dynamodb.writes import Writes
from lisa.declared.tables import Table
from lisa.ports.clock import Clock
from lisa.ports.queries import accepted_query, is_hopeless, page_of
from lisa.ports.rows import accepted_key, is_live, key_of
from lisa.ports.steps import accepted_step, accepted_steps
from lisa.ports.table import Delete, Key, Page, Put, Query, Row, Step, Update

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEYS_READ_AT_ONCE: Final = 100
KEYS_DELETED_AT_ONCE: Final = 25


class DynamoTables:
    """Keeps rows in the tables that the data stack makes."""

    def __init__(
        self,
        client: "DynamoDBClient",
        names: Mapping[str, str],
        clock: Clock,
        threads: int = THREADS,
    ) -> None:
        """`names` says what each declared table is called in this deployment."""
        self._calls = Calls(client, clock, threads)
        self._names = names
        self._clock = clock
        self._writes = Writes(self._calls, names, clock)

    async def get(self, table: Table, key: Key) -> Row | None:
        """Return the row as last written, or nothing."""
        arguments = {
            "TableName": self._names[table.name],
            "Key": write_row(accepted_key(key)._asdict()),
            "ConsistentRead": True,
        }
        answer = await self._read("get_item", arguments)
        return next(iter(self._live(table, [answer["Item"]] if "Item" in answer else [])), None)

    async def get_many(self, table: Table, keys: Sequence[Key]) -> list[Row]:
        """Return those of the rows that exist, in the order of the keys; any number of keys."""
        wanted = list(dict.fromkeys(accepted_key(key) for key in keys))
        found: dict[Key, Row] = {}
        for start in range(0, len(wanted), KEYS_READ_AT_ONCE):
            items = await self._get_batch(table, wanted[start : start + KEYS_READ_AT_ONCE])
            found |= {key_of(row): row for row in self._live(table, items)}
        return [found[key] for key in wanted if key in found]

    async def query(self, query: Query) -> Page:
        """Return a page: `limit` rows, or fewer only where the partition ends."""
        accepted = accepted_query(query)
        if is_hopeless(accepted):
            return Page([])
        arguments = query_arguments(accepted, self._names[query.table.name])
        rows: list[Row] = []
        while True:
            answer = await self._read("query", arguments)
            rows += self._live(query.table, answer["Items"])
            if len(rows) > query.limit or "LastEvaluatedKey" not in answer:
                return page_of(accepted, rows)
            arguments["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    async def apply(self, step: Put | Update | Delete) -> Row | None:
        """Do one write; return the row as it then stands, nothing after a delete."""
        row = await self._writes.write(accepted_step(step))
        return row if row is not None and is_live(step.table, row, self._clock.now()) else None

    async def transact(self, steps: Sequence[Step]) -> None:
        """Do all of at most 100 steps on different rows, or none of them."""
        await self._writes.transact(accepted_steps(steps))

    async def delete_many(self, table: Table, keys: Sequence[Key]) -> None:
        """Remove any number of rows, in batches; not all or nothing."""
        unwanted = list(dict.fromkeys(accepted_key(key) for key in keys))
        for start in range(0, len(unwanted), KEYS_DELETED_AT_ONCE):
            batch = unwanted[start : start + KEYS_DELETED_AT_ONCE]
            await self._delete_batch(self._names[table.name], batch)

    async def _get_batch(self, table: Table, keys: Sequence[Key]) -> list[dict[str, Any]]:
        name = self._names[table.name]
        left = [write_row(key._asdict()) for key in keys]
        items: list[dict[str, Any]] = []
        patience = Patience(self._clock)
        while True:
            request = {name: {"Keys": left, "ConsistentRead": True}}
            answer = await self._read("batch_get_item", {"RequestItems": request})
            items += answer["Responses"].get(name, [])
            still_left = answer.get("UnprocessedKeys", {}).get(name, {}).get("Keys", [])
            if not still_left:
                return items
            if len(still_left) < len(left):
                patience = Patience(self._clock)
            left = still_left
            await patience.wait()

    async def _delete_batch(self, name: str, keys: Sequence[Key]) -> None:
        left = [{"DeleteRequest": {"Key": write_row(key._asdict())}} for key in keys]
        patience = Patience(self._clock)
        while left:
            answer = await self._read("batch_write_item", {"RequestItems": {name: left}})
            left = answer.get("UnprocessedItems", {}).get(name, [])
            if left:
                await patience.wait()

    async def _read(self, operation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return await self._calls.call(operation, arguments, repeatable=True)
        except ClientError as error:
            raise translated(error) from error

    def _live(self, table: Table, items: Sequence[Mapping[str, Any]]) -> list[Row]:
        now = self._clock.now()
        return [row for item in items if is_live(table, row := read_row(item), now)]
