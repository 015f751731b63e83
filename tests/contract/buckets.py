"""A bucket of S3, emulated in this process, and what it tells of its files."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from moto import mock_aws

from lisa.adapters.s3.client import make_client
from lisa.adapters.sqs.messages import Messages
from lisa.bootstrap.source_events import messages_of
from lisa.stores.knowledge.pipelines import PipelineStore
from tests.contract.ingesting import Bench, lines

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BUCKET = "papers-of-a-team"
PIPELINE = {"id": "p", "source": f"s3://{BUCKET}/team"}


@contextmanager
def emulated_bucket(name: str) -> "Iterator[S3Client]":
    """Return the client of a region in which there is only this bucket."""
    with mock_aws():
        client = _one_client()
        client.create_bucket(
            Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
        yield client


@cache
def _one_client() -> "S3Client":
    """Make it once: that takes as long as a test, and the emulator is behind it wherever it is."""
    return make_client()


def write(s3: "S3Client", key: str, *words: str) -> None:
    """Put words into a file."""
    s3.put_object(Bucket=BUCKET, Key=key, Body=lines(*words).encode())


def remove(s3: "S3Client", key: str) -> None:
    """Take a file away."""
    s3.delete_object(Bucket=BUCKET, Key=key)


def event(kind: str, key: str, bucket: str = BUCKET) -> str:
    """Return an event as EventBridge hands it to a queue."""
    detail = {
        "version": "0",
        "bucket": {"name": bucket},
        "object": {"key": key, "size": 16, "etag": "d41d8cd9", "sequencer": "00A0AB"},
        "requester": "123456789012",
        "reason": "PutObject",
    }
    about = {"version": "0", "id": "1", "detail-type": kind, "source": "aws.s3"}
    return json.dumps(about | {"region": "eu-central-1", "detail": detail})


def created(key: str) -> str:
    """Return that a file was written."""
    return event("Object Created", key)


def deleted(key: str) -> str:
    """Return that a file is gone."""
    return event("Object Deleted", key)


async def told(bench: Bench, *bodies: str, messages: Messages | None = None) -> list[str]:
    """Hand messages over as Lambda does; return which of them are to come again."""
    handler = messages or messages_of(bench.ports, bench.loads_from, bench.worker())
    records = [{"messageId": str(number), "body": body} for number, body in enumerate(bodies)]
    return await handler.handle(records, bench.clock.now() + timedelta(minutes=5))


async def runs(bench: Bench) -> list[tuple[int, int, int, int]]:
    """Return what the pipeline did, newest first."""
    found, _ = await PipelineStore(bench.tables).runs("r_1", "p", 10, "")
    return [(each.added, each.changed, each.removed, each.failed) for each in found]
