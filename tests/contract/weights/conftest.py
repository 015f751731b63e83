"""A bucket for each test."""

from collections.abc import Iterator

import pytest

from tests.contract.weights.bucket_server import BucketServer, bucket_server


@pytest.fixture
def s3() -> Iterator[BucketServer]:
    with bucket_server() as server:
        yield server
