"""The tables that all gateways share: in an emulator of DynamoDB, which is a process of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import boto3

from lisa.adapters.dynamodb.tables import DynamoTables
from lisa.adapters.system.clock import SystemClock
from lisa.declared.services import SERVE
from tests.dynamodb_tables import create_table
from tests.standins.aws_emulator.process import ACCOUNT, REGION, Emulator

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
            create_table(client, NAMES[table.name], table)
        named = {f"LISA_TABLE_{name.upper()}": value for name, value in NAMES.items()}
        yield DynamoTables(client, NAMES, SystemClock()), emulator.credentials | named
        client.close()
