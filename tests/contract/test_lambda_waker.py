"""The gateway's wish to wake a model, as it leaves for a function and as the function reads it."""

import json
from typing import Any

import pytest
from botocore.stub import Stubber

from lisa.adapters.lambda_invoke.waker import LambdaWaker, make_client
from lisa.domain.errors import Unavailable
from lisa.domain.identity import Limits, Principal

WAKER = "arn:aws:lambda:eu-central-1:123456789012:function:lisa-dev-wake"
ADA = Principal(
    subject="ada", groups=frozenset({"team"}), limits=Limits(requests_per_minute=1), token_id="t"
)


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "made-up")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
    return make_client()


async def test_it_is_said_who_asks_for_which_model_and_nobody_waits(client: Any) -> None:
    wish = {"caller": ADA.model_dump(mode="json"), "model": "team/llama"}
    expected = {
        "FunctionName": WAKER,
        "InvocationType": "Event",
        "Payload": json.dumps(wish).encode(),
    }
    with Stubber(client) as answers:
        answers.add_response("invoke", {"StatusCode": 202}, expected)
        await LambdaWaker(client, WAKER).wake(ADA, "team/llama")

        answers.assert_no_pending_responses()
    assert Principal.model_validate(json.loads(json.dumps(wish))["caller"]) == ADA


async def test_a_function_that_cannot_be_called_is_told_as_such(client: Any) -> None:
    with Stubber(client) as answers:
        answers.add_client_error("invoke", "TooManyRequestsException", http_status_code=429)
        with pytest.raises(Unavailable):
            await LambdaWaker(client, WAKER).wake(ADA, "team/llama")
