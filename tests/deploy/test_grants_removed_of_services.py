"""Each service needs what it is granted, as doors do; the task is in `test_knowledge_on_aws.py`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import anthropic
import httpx
import pytest

from lisa.declared.services import LITELLM
from tests.deploy.conftest import Account
from tests.deploy.gateways import MODEL, running_engine, running_gateway
from tests.deploy.grants import role_of_task, without
from tests.deploy.hosted import until
from tests.deploy.tasks import task_of

pytestmark = pytest.mark.timeout(600)  # whoever comes first deploys
FAILURE: Final = 500


@pytest.fixture(scope="module")
def engine() -> Iterator[str]:
    with running_engine() as engine:
        yield engine.url


def test_the_gateway(account: Account, engine: str, tmp_path: Path) -> None:
    with running_gateway(account, engine, tmp_path) as gateway:
        headers = {"authorization": f"Bearer {account.deployed.tokens['ada']}"}

        def status() -> int:
            url = f"{gateway.task.address}/v1/models"
            return httpx.get(url, headers=headers, timeout=30).status_code

        assert status() == 200
        with without(account, role_of_task(gateway.task), "ReadTableTokens"):
            until(lambda: status() >= FAILURE)
        until(lambda: status() == 200)


def test_the_litellm_service(account: Account, engine: str, tmp_path: Path) -> None:
    beside = task_of(account.emulator, LITELLM)
    address = {"LISA_LITELLM_URL": beside.address}  # the name of a balancer resolves on AWS only
    with (
        beside.running(tmp_path),
        running_gateway(account, engine, tmp_path, **address) as gateway,
        anthropic.Anthropic(
            base_url=f"{gateway.task.address}/anthropic",
            auth_token=account.deployed.tokens["ada"],
            max_retries=0,
        ) as client,
    ):

        def ask() -> None:
            client.messages.create(
                model=MODEL, max_tokens=50, messages=[{"role": "user", "content": "hello"}]
            )

        with (
            without(account, role_of_task(beside), "LiteLLMSecret"),
            pytest.raises(anthropic.APIStatusError) as refused,
        ):
            ask()
        assert refused.value.status_code >= FAILURE
        ask()
