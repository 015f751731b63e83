"""The real gateway as its task would be, behind its balancer, called by the `openai` package."""

import time
from collections.abc import Iterator

import openai
import pytest

from tests.deploy.conftest import Account
from tests.deploy.gateways import ASKED, MODEL, Gateway, running_engine, running_gateway
from tests.standins.aws_emulator.access import published, session_of

pytestmark = pytest.mark.timeout(600)  # whoever comes first deploys


@pytest.fixture(scope="module")
def gateway(account: Account, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """Run the gateway alone."""
    folder = tmp_path_factory.mktemp("gateway")
    with running_engine() as engine, running_gateway(account, engine.url, folder) as gateway:
        yield gateway


def rows_of_usage(gateway: Gateway) -> int:
    """Return how many rows there are about calls."""
    emulator = gateway.account.emulator
    client = session_of().client("dynamodb", endpoint_url=emulator.endpoint)
    count = client.scan(TableName=published(emulator, "table/usage"), Select="COUNT")["Count"]
    client.close()
    return int(count)


def test_the_openai_package_lists_asks_and_streams(gateway: Gateway) -> None:
    with gateway.client("ada") as client:
        assert [model.id for model in client.models.list()] == [MODEL]
        whole = client.chat.completions.create(model=MODEL, messages=ASKED)
        pieces = [
            chunk.choices[0].delta.content
            for chunk in client.chat.completions.create(model=MODEL, messages=ASKED, stream=True)
            if chunk.choices
        ]

    assert whole.choices[0].message.content
    assert len(pieces) > 1
    assert "".join(filter(None, pieces)) == whole.choices[0].message.content


def test_a_stranger_is_refused_in_words_the_package_knows(gateway: Gateway) -> None:
    with gateway.client("stranger") as client, pytest.raises(openai.AuthenticationError):
        client.models.list()


def test_a_limit_of_a_token_holds(gateway: Gateway) -> None:
    wanted = {"name": "slow", "limits": {"requests_per_minute": 1}}
    with gateway.account.client("root") as root:
        token = root.post("/tokens", json=wanted).json()["token"]
    address = f"{gateway.task.address}/v1"
    with openai.OpenAI(base_url=address, api_key=token, max_retries=0) as client:
        client.chat.completions.create(model=MODEL, messages=ASKED)
        with pytest.raises(openai.RateLimitError):
            client.chat.completions.create(model=MODEL, messages=ASKED)


def test_a_call_is_counted_in_the_deployments_own_table(gateway: Gateway) -> None:
    before = rows_of_usage(gateway)
    with gateway.client("ada") as client:
        client.chat.completions.create(model=MODEL, messages=ASKED)

    deadline = time.monotonic() + 20
    while rows_of_usage(gateway) == before and time.monotonic() < deadline:
        time.sleep(0.2)
    assert rows_of_usage(gateway) > before
