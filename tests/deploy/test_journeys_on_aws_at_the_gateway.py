"""Journeys through a gateway and the doors beside it, with IAM enforced.

What is seen of calls afterwards, tool servers with credentials, a model that is looked after.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx
import openai
import pytest

from lisa.declared.doors import WATCH
from tests.deploy.conftest import ACCOUNTS, Account
from tests.deploy.gateways import (
    ASKED,
    MODEL,
    EngineProcess,
    Gateway,
    running_engine,
    running_gateway,
)
from tests.deploy.hosted import MODEL as HOSTED
from tests.deploy.hosted import (
    PATH,
    Hosted,
    client_of,
    function_of,
    make_bucket,
    ok,
    outputs_of,
    put_weights,
    stacks_of,
    until,
)
from tests.deploy.lab import waiting_less
from tests.deploy.replicas import Replicas
from tests.standins.model_server.server import model_server
from tests.standins.tool_server.server import tool_server

pytestmark = [
    pytest.mark.timeout(900),  # whoever comes first deploys
    pytest.mark.parametrize("account", ACCOUNTS[-1:], indirect=True),
]
KEY: Final = "Bearer the-servers-own-key"
TOOL: Final = {"type": "mcp", "server_label": "Sums", "require_approval": "never"}
LINE: Final = "the engine says hello"


@pytest.fixture(scope="module")
def engine() -> Iterator[EngineProcess]:
    with running_engine() as engine:
        yield engine


@pytest.fixture(scope="module")
def gateway(
    account: Account, engine: EngineProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Gateway]:
    with running_gateway(account, engine.url, tmp_path_factory.mktemp("gateway")) as gateway:
        yield gateway


@pytest.fixture
def root(account: Account) -> Iterator[httpx.Client]:
    with account.client("root") as root:
        yield root


def test_calls_are_seen_by_who_made_them_and_summed_up(
    gateway: Gateway, root: httpx.Client
) -> None:
    with gateway.account.client("grace") as grace, gateway.client("grace") as client:
        client.chat.completions.create(model=MODEL, messages=ASKED)
        [call, *_] = until(lambda: ok(grace.get("/usage/calls"))["items"], seconds=30)
        assert (call["model"], call["status"]) == (MODEL, 200)
        assert ok(grace.get("/usage"))["total"]["requests"] >= 1
        assert call["id"] in grace.get("/usage/export", params={"format": "csv"}).text
        assert grace.get("/usage", params={"subject": "ada"}).status_code == 403
    people = ok(root.get("/usage", params={"by": "subject"}))["items"]
    assert "grace" in {each["name"] for each in people}
    assert ok(root.get("/metrics/users/grace"))["body"]["grace"]
    assert ok(root.get("/metrics/users/all"))["body"]["totalUniqueUsers"] >= 1


def known(client: openai.OpenAI, model: str) -> object:
    """Return an answer of the model; nothing while a gateway hasn't heard of it."""
    try:
        return client.chat.completions.create(model=model, messages=ASKED)
    except openai.NotFoundError:
        return None


def test_a_model_is_called_with_its_own_key(gateway: Gateway, root: httpx.Client) -> None:
    with model_server() as server, gateway.client("ada") as client:
        wanted = {"modelId": "team/keyed", "modelName": "llama", "modelUrl": server.url}
        ok(root.post("/models", json=wanted | {"apiKey": "made-up"}))
        try:
            until(lambda: known(client, "team/keyed"), seconds=30)
        finally:
            ok(root.delete("/models/team/keyed"))
        assert server.asked[-1].headers["authorization"] == "Bearer made-up"


def test_a_tool_server_gets_its_credential_in_a_turn(gateway: Gateway, root: httpx.Client) -> None:
    ask: dict[str, Any] = {"tool": "Sums__headers", "arguments": {}}
    with tool_server() as url, gateway.client("ada") as client:
        wanted = {"name": "Sums", "url": url, "groups": ["lisa:public"]}
        made = ok(root.post("/tool-servers", json=wanted | {"credentials": {"X-Key": KEY}}))
        place = f"/tool-servers/{made['id']}"
        assert ok(root.post(f"{place}/test"))["tools"]
        with gateway.account.client("ada") as ada:
            assert "add" in str(ok(ada.get(f"{place}/tools")))
            ok(ada.put(f"{place}/choices", json={"enabled": True}))
            assert "Sums" in str(ok(ada.get("/mcp-server")))
        answer = client.responses.create(
            model=MODEL,
            input="Which headers?",
            tools=[TOOL],  # type: ignore[list-item] # a tool server that LISA knows has no URL
            extra_body={"lisa": {"chat": {"engine": ask}}},
        )
        assert KEY in str([each.to_dict() for each in answer.output if each.type == "mcp_call"])
        ok(root.put(place, json=wanted | {"credentials": {"X-Key": None}}))
        ok(root.delete(place))
    assert root.get(place).status_code == 404


def look(account: Account) -> None:
    """Look after models now: it is done each minute."""
    with client_of(account, "lambda") as functions:
        done = functions.invoke(FunctionName=function_of(WATCH.name), Payload=b"{}")
    assert "FunctionError" not in done, done["Payload"].read()


def over_for_today() -> dict[str, Any]:
    """Return a schedule that has stopped a model some hours ago, and starts it in some more."""
    now = datetime.now(UTC)
    hours = {"startTime": now + timedelta(hours=4), "stopTime": now - timedelta(hours=4)}
    daily = {name: f"{at:%H:%M}" for name, at in hours.items()}
    return {"scheduleType": "RECURRING", "timezone": "UTC", "recurringSchedule": daily}


def write_a_line(account: Account, replica: str) -> None:
    """Let a replica say something, which containers do by themselves."""
    about = {
        "logGroupName": outputs_of(account)["LogGroupName"],
        "logStreamName": f"engine/engine/{replica}",
    }
    now = int(datetime.now(UTC).timestamp() * 1000)
    with client_of(account, "logs") as logs:
        logs.create_log_stream(**about)
        logs.put_log_events(**about, logEvents=[{"timestamp": now, "message": LINE}])


@pytest.fixture
def model(account: Account, root: httpx.Client, engine: EngineProcess) -> Iterator[Hosted]:
    make_bucket(account)
    put_weights(account, "tiny")
    model = Hosted(root)
    with waiting_less(account), Replicas(account, engine.url).standing():
        yield model
        if model.ended() != "gone":
            assert model.does("delete") == "gone", model.told()
    assert stacks_of(account) == []


def test_a_model_is_watched_stopped_by_its_schedule_and_woken_by_a_call(
    account: Account, gateway: Gateway, model: Hosted
) -> None:
    model.ask("create")
    look(account)  # at a model on its way
    assert until(model.ended) == "InService", model.told()
    look(account)
    [replica] = ok(model.root.get(f"{PATH}/replicas"))["replicas"]
    write_a_line(account, replica["id"])
    assert ok(model.root.get(f"{PATH}/replicas/{replica['id']}/logs"))["lines"] == [LINE]
    assert "stack" in str(ok(model.root.get(f"{PATH}/removal")))

    ok(model.root.post(f"{PATH}/schedule", json=over_for_today()))
    assert ok(model.root.get("/models/metadata/schedules"))
    look(account)
    assert until(model.ended) == "Stopped", model.told()

    with gateway.client("ada") as client:
        client.chat.completions.create(model=HOSTED, messages=ASKED)
    assert model.ended() == "InService"

    model.ask("stop")
    model.ask("delete")  # which ends the run that stops it
    assert until(model.ended) == "gone", model.told()
    assert json.dumps(model.events()).count('"begun"') >= 5
