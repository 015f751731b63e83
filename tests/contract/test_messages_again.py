"""Messages that are handed back: when a queue gives them out again."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.stub import Stubber
from moto import mock_aws

from lisa.adapters.sqs.bell import make_client
from lisa.adapters.sqs.returning import SOON, Returning


@pytest.fixture
def client() -> Iterator[Any]:
    with mock_aws():
        yield make_client()


def record(**instead: str) -> dict[str, str]:
    arn = "arn:aws:sqs:eu-central-1:123456789012:work"
    return {"messageId": "m", "receiptHandle": "h", "eventSourceARN": arn, **instead}


async def test_they_come_again_in_a_minute(client: Any) -> None:
    with Stubber(client) as asked:
        asked.add_response("get_queue_url", {"QueueUrl": "https://q"}, {"QueueName": "work"})
        entries = [
            {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": SOON}
            for number, handle in enumerate(("a", "b"))
        ]
        answer = {"Successful": [{"Id": "0"}, {"Id": "1"}], "Failed": []}
        wanted = {"QueueUrl": "https://q", "Entries": entries}
        asked.add_response("change_message_visibility_batch", answer, wanted)
        await Returning(client).soon([record(receiptHandle="a"), record(receiptHandle="b")])
        asked.assert_no_pending_responses()


async def test_a_queue_knows_its_messages_by_what_it_gave_out(
    client: Any, caplog: pytest.LogCaptureFixture
) -> None:
    queue = client.create_queue(QueueName="work")["QueueUrl"]
    client.send_message(QueueUrl=queue, MessageBody="{}")
    (taken,) = client.receive_message(QueueUrl=queue)["Messages"]
    with caplog.at_level(logging.WARNING):
        await Returning(client).soon([record(receiptHandle=taken["ReceiptHandle"])])
    assert not caplog.text


async def test_a_queue_that_refuses_is_only_told_of(
    client: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with Stubber(client) as answers, caplog.at_level(logging.WARNING):
        answers.add_client_error("get_queue_url", "AccessDenied", http_status_code=403)
        await Returning(client).soon([record()])
    assert "come again late" in caplog.text


async def test_without_messages_nobody_is_asked(client: Any) -> None:
    with Stubber(client):
        await Returning(client).soon([])
