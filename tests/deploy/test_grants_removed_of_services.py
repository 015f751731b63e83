"""Each service needs what it is granted, as doors do; the task is in `test_knowledge_on_aws.py`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import anthropic
import httpx
import pytest

from lisa.declared.services import LITELLM
from tests.deploy.conftest import Account
from tests.deploy.gateways import MODEL, client_through_litellm, running_engine, running_gateway
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
    role = role_of_task(task_of(account.emulator, LITELLM))
    with client_through_litellm(account, engine, tmp_path) as client:

        def ask() -> None:
            client.messages.create(
                model=MODEL, max_tokens=50, messages=[{"role": "user", "content": "hello"}]
            )

        with (
            without(account, role, "LiteLLMSecret"),
            pytest.raises(anthropic.APIStatusError) as refused,
        ):
            ask()
        assert refused.value.status_code >= FAILURE
        ask()
