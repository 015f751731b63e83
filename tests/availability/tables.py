"""The tables that all gateways share: in an emulator of DynamoDB, which is a process of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import boto3

from lisa.adapters.dynamodb.tables import DynamoTables
from lisa.adapters.system.clock import SystemClock
from lisa.declared.services import SERVE
from lisa.declared.tables import PARTITION, SORT, Table
from tests.standins.aws_emulator.process import ACCOUNT, REGION, Emulator

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import KeySchemaElementTypeDef

TABLES: Final = tuple({table.name: table for table, _ in SERVE.tables}.values())
NAMES: Final = {table.name: f"lisa-{table.name}" for table in TABLES}


@contextmanager
def shared_tables(folder: Path) -> Iterator[tuple[DynamoTables, dict[str, str]]]:
    """Make them; return them, and what a gateway's environment says of them."""
    with Emulator(folder) as emulator:
        client = boto3.client(
            "dynamodb",
            endpoint_url=emulator.endpoint,
            region_name=REGION,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key="not-a-secret",
        )
        for table in TABLES:
            _make(client, table)
        named = {f"LISA_TABLE_{name.upper()}": value for name, value in NAMES.items()}
        yield DynamoTables(client, NAMES, SystemClock()), emulator.credentials | named
        client.close()


def _make(client: "DynamoDBClient", table: Table) -> None:
    keys = {PARTITION, SORT, *(n for each in table.indexes for n in (each.partition, each.sort))}
    indexes = [
        {
            "IndexName": index.name,
            "KeySchema": _keys(index.partition, index.sort),
            "Projection": {"ProjectionType": "ALL"},
        }
        for index in table.indexes
    ]
    with_indexes: dict[str, Any] = {"GlobalSecondaryIndexes": indexes} if indexes else {}
    client.create_table(
        TableName=NAMES[table.name],
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in sorted(keys)],
        KeySchema=_keys(PARTITION, SORT),
        BillingMode="PAY_PER_REQUEST",
        **with_indexes,
    )


def _keys(partition: str, sort: str) -> "list[KeySchemaElementTypeDef]":
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]
