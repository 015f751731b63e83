"""The bell as a queue hears it, and when there is nobody who could hear it."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.stub import Stubber
from moto import mock_aws

from lisa.adapters.sqs.bell import SqsBell, make_client


@pytest.fixture
def client() -> Iterator[Any]:
    with mock_aws():
        yield make_client()


async def test_a_ring_is_a_message(client: Any) -> None:
    queue = client.create_queue(QueueName="work")["QueueUrl"]
    bell = SqsBell(client, queue)
    await bell.ring()
    await bell.ring()
    found = client.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    assert [json.loads(each["Body"]) for each in found] == [{"work": True}] * 2


async def test_a_queue_that_isnt_there_is_only_told_of(
    client: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        await SqsBell(client, "https://sqs.eu-central-1.amazonaws.com/123456789012/gone").ring()
    assert "nobody could be told" in caplog.text


async def test_a_queue_that_refuses_is_only_told_of(
    client: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with Stubber(client) as answers, caplog.at_level(logging.WARNING):
        answers.add_client_error("send_message", "AccessDenied", http_status_code=403)
        await SqsBell(client, "https://sqs.eu-central-1.amazonaws.com/1/work").ring()
    assert "AccessDenied" in caplog.text


async def test_nobody_waits_long_for_a_queue_that_cant_be_reached(client: Any) -> None:
    config = client.meta.config
    longest = (config.connect_timeout + config.read_timeout) * config.retries["total_max_attempts"]
    assert longest < 15
