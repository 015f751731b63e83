"""What only DynamoDB can do to us: throttle, cancel, do half of a batch, fail after a write."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from botocore.stub import ANY, Stubber

from lisa.adapters.dynamodb.client import make_client
from lisa.adapters.dynamodb.tables import DynamoTables
from lisa.adapters.memory.clock import START, ManualClock
from lisa.domain.errors import ConditionFailed, Invalid, TooLarge, Unavailable
from lisa.ports.table import ABSENT, Delete, Key, Put, Query, Step, Update
from tests.contract.records import KEY, RECORDS, record
from tests.contract.stores import NAMES

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NAME = NAMES[RECORDS.name]
COUNT = Update(RECORDS, KEY, add={"n": 1})
THROTTLED = "ThrottlingException"
CANCELED = "TransactionCanceledException"
ITEM = {"pk": {"S": "a"}, "sk": {"S": "1"}}


class Service(NamedTuple):
    """A DynamoDB that answers what it is told to."""

    tables: DynamoTables
    answers: Stubber
    client: "DynamoDBClient"

    def refuses(self, operation: str, code: str, message: str = "", **more: Any) -> None:
        self.answers.add_client_error(operation, code, message, 400, modeled_fields=more)

    def fails(self, operation: str) -> None:
        self.answers.add_client_error(operation, "InternalServerError", "", 500)

    def cancels(self, *reasons: str) -> None:
        codes = [{"Code": reason.split(":")[0], "Message": reason} for reason in reasons]
        self.refuses("transact_write_items", CANCELED, CancellationReasons=codes)


@pytest.fixture
def service(clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "made-up")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
    client = make_client()
    with Stubber(client) as answers:
        yield Service(DynamoTables(client, NAMES, clock), answers, client)
    answers.assert_no_pending_responses()


async def test_throttled_calls_are_tried_again_after_a_pause(
    service: Service, clock: ManualClock
) -> None:
    service.refuses("update_item", THROTTLED)
    service.refuses("update_item", "TransactionConflictException")
    service.answers.add_response("update_item", {"Attributes": {**ITEM, "n": {"N": "1"}}})
    assert await service.tables.apply(COUNT) == record(n=1)
    assert clock.now() > START


async def test_endless_throttling_is_unavailable(service: Service) -> None:
    for _ in range(7):
        service.refuses("get_item", THROTTLED)
    with pytest.raises(Unavailable):
        await service.tables.get(RECORDS, KEY)


@pytest.mark.parametrize(
    ("operation", "step"),
    [
        ("update_item", COUNT),
        ("put_item", Put(RECORDS, record(), ABSENT)),
        ("delete_item", Delete(RECORDS, KEY, ABSENT)),
    ],
)
async def test_what_may_have_been_done_is_not_done_again(
    service: Service, operation: str, step: Put | Update | Delete
) -> None:
    service.fails(operation)
    with pytest.raises(Unavailable):
        await service.tables.apply(step)


@pytest.mark.parametrize(
    ("operation", "step"),
    [("put_item", Put(RECORDS, record())), ("delete_item", Delete(RECORDS, KEY))],
)
async def test_what_is_the_same_done_twice_is_tried_again(
    service: Service, operation: str, step: Put | Delete
) -> None:
    service.fails(operation)
    service.answers.add_response(operation, {})
    await service.tables.apply(step)


async def test_a_failed_transaction_is_repeated_under_the_same_token(service: Service) -> None:
    tokens = []
    service.client.meta.events.register(
        "provide-client-params.dynamodb.TransactWriteItems",
        lambda params, **_: tokens.append(params["ClientRequestToken"]),
    )
    service.fails("transact_write_items")
    service.cancels("TransactionConflict")
    service.answers.add_response("transact_write_items", {})
    await service.tables.transact([COUNT])
    assert tokens[0] == tokens[1] != tokens[2]


async def test_endless_conflicts_are_unavailable(service: Service) -> None:
    for _ in range(7):
        service.cancels("None", "TransactionConflict")
    with pytest.raises(Unavailable):
        await service.tables.transact([COUNT, Delete(RECORDS, Key("a", "2"))])


@pytest.mark.parametrize(
    ("reason", "error"),
    [
        ("ConditionalCheckFailed", ConditionFailed),
        ("ValidationError: Item size to update has exceeded the maximum allowed size", TooLarge),
        (
            "ValidationError: An operand in the update expression has an incorrect data type",
            Invalid,
        ),
        ("ValidationError: Number overflow", Invalid),
    ],
)
async def test_a_cancelled_transaction_says_why(
    service: Service, reason: str, error: type[Exception]
) -> None:
    service.cancels("None", reason)
    steps: list[Step] = [COUNT, Delete(RECORDS, Key("a", "2"))]
    with pytest.raises(error) as failure:
        await service.tables.transact(steps)
    if isinstance(failure.value, ConditionFailed):
        assert failure.value.failed == (1,)


async def test_what_was_left_of_a_batch_is_asked_for_again(service: Service) -> None:
    keys = [{"pk": {"S": "a"}, "sk": {"S": sk}} for sk in "12"]
    left = {NAME: {"Keys": keys[:1], "ConsistentRead": True}}
    service.answers.add_response(
        "batch_get_item", {"Responses": {NAME: keys[1:]}, "UnprocessedKeys": left}
    )
    service.answers.add_response(
        "batch_get_item", {"Responses": {NAME: keys[:1]}}, {"RequestItems": left}
    )
    rows = await service.tables.get_many(RECORDS, [Key("a", "1"), Key("a", "2")])
    assert rows == [record(), record(sk="2")]


async def test_what_was_left_to_delete_is_deleted(service: Service) -> None:
    left = {NAME: [{"DeleteRequest": {"Key": ITEM}}]}
    service.answers.add_response("batch_write_item", {"UnprocessedItems": left})
    service.answers.add_response("batch_write_item", {}, {"RequestItems": left})
    await service.tables.delete_many(RECORDS, [KEY, Key("a", "2")])


async def test_a_page_is_filled_from_several_answers(service: Service) -> None:
    service.answers.add_response("query", {"Items": [], "LastEvaluatedKey": ITEM})
    expected = dict.fromkeys(("TableName", "KeyConditionExpression", "Limit"), ANY)
    expected |= dict.fromkeys(("ExpressionAttributeNames", "ExpressionAttributeValues"), ANY)
    service.answers.add_response(
        "query",
        {"Items": [ITEM]},
        {**expected, "ScanIndexForward": True, "ConsistentRead": True, "ExclusiveStartKey": ITEM},
    )
    assert (await service.tables.query(Query(RECORDS, "a"))).rows == [record()]


@pytest.mark.parametrize("code", ["AccessDeniedException", "ResourceNotFoundException"])
async def test_a_store_that_is_not_ours_to_use_is_unavailable_and_the_log_says_why(
    service: Service, caplog: pytest.LogCaptureFixture, code: str
) -> None:
    service.refuses("get_item", code)
    with pytest.raises(Unavailable) as told:
        await service.tables.get(RECORDS, KEY)
    assert code not in told.value.message
    assert code in caplog.text
    assert "GetItem" in caplog.text


async def test_a_store_that_cannot_be_reached_is_unavailable(
    clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "made-up")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
    with pytest.raises(Unavailable):
        await DynamoTables(make_client(), NAMES, clock).apply(COUNT)
