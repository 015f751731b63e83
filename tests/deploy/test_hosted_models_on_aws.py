"""A model that LISA runs in the account: its stack comes, it serves, and all of it goes again.

No machine starts here: an engine on loopback stands behind the balancer that the stack makes.
"""

import json
from collections.abc import Iterator

import pytest

from lisa.declared.doors import WAKE
from lisa.domain.identity import Principal
from tests.deploy.conftest import Account
from tests.deploy.gateways import running_engine
from tests.deploy.hosted import (
    MODEL,
    Hosted,
    client_of,
    make_bucket,
    outputs_of,
    put_weights,
    stacks_of,
    until,
)
from tests.deploy.replicas import Replicas
from tests.standins.aws_emulator.access import published

pytestmark = pytest.mark.timeout(900)  # whoever comes first deploys


def wake(account: Account) -> None:
    """Call the function as a gateway does for a caller."""
    caller = Principal(subject="ada").model_dump(mode="json")
    with client_of(account, "lambda") as functions:
        functions.invoke(
            FunctionName=published(account.emulator, f"door/{WAKE.name}"),
            InvocationType="Event",
            Payload=json.dumps({"caller": caller, "model": MODEL}).encode(),
        )


@pytest.fixture(scope="module", autouse=True)
def weights(account: Account) -> None:
    make_bucket(account)
    put_weights(account, "tiny")


@pytest.fixture
def model(account: Account) -> Iterator[Hosted]:
    with account.client("root") as root:
        model = Hosted(root)
        yield model
        if model.ended() != "gone":
            assert model.does("delete") == "gone", model.told()


def test_a_model_is_made_serves_sleeps_is_woken_and_leaves_nothing(
    account: Account, model: Hosted
) -> None:
    with running_engine() as engine, Replicas(account, engine.url).standing():
        model.ask("create")
        assert model.shown["status"] == "Creating"
        assert until(model.ended) == "InService", model.told()
        assert model.shown["contextWindow"] == 512
        [upstream] = model.shown["upstreams"]
        assert "/_alb/" in upstream["url"]

        assert model.does("stop") == "Stopped", model.told()
        assert outputs_of(account).keys() == {"ClusterName", "LogGroupName"}, "a balancer costs"

        wake(account)  # as gateways do
        until(lambda: model.ended() != "Stopped")
        assert until(model.ended) == "InService", model.told()

        assert model.does("delete") == "gone", model.told()
    assert stacks_of(account) == []


@pytest.mark.slow
def test_a_model_that_never_answers_fails_with_a_reason_and_leaves_nothing(
    account: Account, model: Hosted
) -> None:
    model.ask("create")

    assert until(model.ended, seconds=400) == "Failed", model.told()
    assert "doesn't answer" in model.shown["reason"]
    assert model.shown["nextStep"]
    assert stacks_of(account) == []
