"""The endpoint that fails calls: botocore hears each service's own error, and all else arrives."""

import json
from collections.abc import Iterator
from typing import Any, Final

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError

from tests.standins.aws_emulator.access import session_of
from tests.standins.aws_emulator.faults import Fault, Instead, UnknownRule
from tests.standins.aws_emulator.faulty_endpoint import FaultyEndpoint
from tests.standins.providers.server import Asked, Provider, Reply, as_json

CALLS: Final[dict[tuple[str, str, str], dict[str, Any]]] = {
    ("cloudformation", "CreateStack", "LimitExceededException"): {"StackName": "a-stack"},
    ("dynamodb", "GetItem", "ProvisionedThroughputExceededException"): {
        "TableName": "a-table",
        "Key": {"pk": {"S": "a"}},
    },
    ("s3", "ListObjectsV2", "NoSuchBucket"): {"Bucket": "a-bucket"},
    ("s3", "GetObject", "NoSuchKey"): {"Bucket": "a-bucket", "Key": "a"},
}


class Account(Provider):
    """Knows an empty table, and nothing else."""

    def answer(self, asked: Asked) -> Reply:
        del asked
        return as_json({})

    def error(self, status: int, message: str) -> Reply:
        return as_json({"message": message}, status)


@pytest.fixture
def account() -> Iterator[Account]:
    account = Account()
    yield account
    account.stop()


@pytest.fixture
def endpoint(account: Account) -> Iterator[FaultyEndpoint]:
    with FaultyEndpoint(account.url) as endpoint:
        yield endpoint


def client_at(endpoint: FaultyEndpoint, service: Any) -> Any:
    config = Config(retries={"total_max_attempts": 1}, read_timeout=1)
    session: boto3.session.Session = session_of()
    return session.client(service, endpoint_url=endpoint.url, config=config)


def call(endpoint: FaultyEndpoint, service: str, operation: str, **arguments: Any) -> Any:
    client = client_at(endpoint, service)
    names = {name: ours for ours, name in client.meta.method_to_api_mapping.items()}
    try:
        return getattr(client, names[operation])(**arguments)
    finally:
        client.close()


@pytest.mark.parametrize(("service", "operation", "error"), CALLS)
def test_a_service_refuses_in_its_own_words(
    endpoint: FaultyEndpoint, service: str, operation: str, error: str
) -> None:
    arguments = CALLS[service, operation, error]
    fault = Fault(service, operation, error, "not <now>")
    with endpoint.failing(fault), pytest.raises(ClientError) as caught:
        call(endpoint, service, operation, **arguments)
    assert caught.value.response["Error"]["Code"] == error
    assert caught.value.response["Error"]["Message"] == "not <now>"
    assert fault.met == 1


def get_item(endpoint: FaultyEndpoint, key: str) -> Any:
    return call(endpoint, "dynamodb", "GetItem", TableName="a-table", Key={"pk": {"S": key}})


def test_only_what_a_rule_is_about_fails_and_only_so_often(
    endpoint: FaultyEndpoint, account: Account
) -> None:
    about = (json.dumps({"S": "b"}),)
    with endpoint.failing(Fault("dynamodb", "GetItem", "ThrottlingException", about=about)):
        get_item(endpoint, "a")
        with pytest.raises(ClientError):
            get_item(endpoint, "b")
        get_item(endpoint, "b")
    assert len(account.asked) == 2


def test_what_is_lost_has_arrived_and_what_is_silenced_has_not(
    endpoint: FaultyEndpoint, account: Account
) -> None:
    for answer, arrived in ((Instead.LOSS, 1), (Instead.SILENCE, 1)):
        fault = Fault("dynamodb", "GetItem", answer)
        with endpoint.failing(fault), pytest.raises(HTTPClientError):
            get_item(endpoint, "a")
        assert (fault.met, len(account.asked)) == (1, arrived)


@pytest.mark.parametrize(
    "rule",
    [
        ("cloudfarmation", "CreateStack", "Throttling"),
        ("cloudformation", "CreateStock", "Throttling"),
        ("cloudformation", "CreateStack", "NoSuchKey"),
        ("s3", "PutObject", "SlowDown"),
        ("ec2", "DescribeInstances", "RequestLimitExceeded"),
        ("resourcegroupstaggingapi", "GetResources", "ThrottlingException"),
    ],
)
def test_a_rule_that_nothing_could_meet_is_refused(
    endpoint: FaultyEndpoint, rule: tuple[str, str, str]
) -> None:
    with pytest.raises(UnknownRule), endpoint.failing(Fault(*rule)):
        pass
