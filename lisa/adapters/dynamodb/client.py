"""The SDK's client as this adapter needs it."""

from typing import TYPE_CHECKING, Final

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

THREADS: Final = 16


def make_client() -> "DynamoDBClient":
    """Make a client that never repeats a call by itself: only `Calls` knows which may be."""
    config = Config(
        connect_timeout=3,
        read_timeout=10,
        max_pool_connections=THREADS,
        retries={"mode": "standard", "total_max_attempts": 1},
    )
    return boto3.session.Session().client("dynamodb", config=config)
