"""Makes tables as the data stack does, for tests that deploy nothing."""

from typing import TYPE_CHECKING, Any

from lisa.declared.tables import PARTITION, SORT, Table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import KeySchemaElementTypeDef


def create_table(client: "DynamoDBClient", name: str, table: Table) -> None:
    """Create a table with its indexes as the data stack does."""
    keys = {PARTITION, SORT, *(n for index in table.indexes for n in (index.partition, index.sort))}
    indexes = [
        {
            "IndexName": index.name,
            "KeySchema": _key_schema(index.partition, index.sort),
            "Projection": {"ProjectionType": "ALL"},
        }
        for index in table.indexes
    ]
    with_indexes: dict[str, Any] = {"GlobalSecondaryIndexes": indexes} if indexes else {}
    client.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in sorted(keys)],
        KeySchema=_key_schema(PARTITION, SORT),
        BillingMode="PAY_PER_REQUEST",
        **with_indexes,
    )


def _key_schema(partition: str, sort: str) -> "list[KeySchemaElementTypeDef]":
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]
