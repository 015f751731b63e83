"""A model that LISA runs in the account: its stack comes, it serves, and all of it goes again.

No machine starts here: an engine on loopback stands behind the balancer that the stack makes.
"""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from lisa.declared.doors import WAKE
from lisa.domain.identity import Principal
from tests.deploy.conftest import Account
from tests.deploy.gateways import EngineProcess, running_engine
from tests.standins.aws_emulator.access import published, session_of
from tests.standins.aws_emulator.process import REGION
from tests.unit.engines.weights_files import safetensors

pytestmark = pytest.mark.timeout(900)  # whoever comes first deploys

MODEL = "team/hosted"
BUCKET = "weights"  # as in config/emulator.toml
WEIGHTS = {
    "config.json": b'{"architectures": ["LlamaForCausalLM"], "max_position_embeddings": 512}',
    "tokenizer.json": b"{}",
    "model.safetensors": safetensors(),
}
PATH = f"/models/{MODEL}"
WANTED: dict[str, Any] = {
    "modelId": MODEL,
    "modelType": "textgen",
    "hostingType": "lisa_hosted",
    "hosting": {
        "kind": "cloudformation",
        "engine": "vllm",
        "weights": {"source": f"s3://{BUCKET}/tiny"},
        "instanceType": "m6i.large",
    },
}
SECONDS = 240


def until(seen: Callable[[], Any], *, seconds: float = SECONDS) -> Any:
    """Return what is seen once it is something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := seen():
            return found
        time.sleep(0.5)
    raise AssertionError(f"not within {seconds} seconds")


def stacks_of(account: Account) -> list[dict[str, Any]]:
    client = session_of().client("cloudformation", endpoint_url=account.emulator.endpoint)
    found = client.describe_stacks()["Stacks"]
    client.close()
    gone = "DELETE_COMPLETE"
    ours = [each for each in found if "-model-" in each["StackName"]]
    return [dict(each) for each in ours if each["StackStatus"] != gone]


def outputs_of(account: Account) -> dict[str, str]:
    outputs = [output for stack in stacks_of(account) for output in stack.get("Outputs", [])]
    return {each["OutputKey"]: each["OutputValue"] for each in outputs}


def put_behind_its_balancer(account: Account, engine: EngineProcess) -> None:
    """Do what ECS does when a replica is well."""
    client = session_of().client("elbv2", endpoint_url=account.emulator.endpoint)
    targets = until(lambda: outputs_of(account).get("TargetsArn"))
    port = urlsplit(engine.url).port
    assert port
    client.register_targets(TargetGroupArn=targets, Targets=[{"Id": "127.0.0.1", "Port": port}])
    client.close()


def wake(account: Account) -> None:
    """Call the function as a gateway does for a caller."""
    client = session_of().client("lambda", endpoint_url=account.emulator.endpoint)
    caller = Principal(subject="ada").model_dump(mode="json")
    client.invoke(
        FunctionName=published(account.emulator, f"door/{WAKE.name}"),
        InvocationType="Event",
        Payload=json.dumps({"caller": caller, "model": MODEL}).encode(),
    )
    client.close()


def ended(root: httpx.Client) -> str:
    """Return the status once nothing is under way; empty before."""
    answer = root.get(PATH)
    if answer.status_code == httpx.codes.NOT_FOUND:
        return "gone"
    status = str(answer.json()["model"]["status"])
    return "" if status in {"Creating", "Deleting", "Starting", "Stopping"} else status


def told(root: httpx.Client) -> str:
    return root.get(f"{PATH}/events").text


@pytest.fixture(scope="module", autouse=True)
def bucket_of_weights(account: Account) -> None:
    client = session_of().client("s3", endpoint_url=account.emulator.endpoint)
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    for name, content in WEIGHTS.items():
        client.put_object(Bucket=BUCKET, Key=f"tiny/{name}", Body=content)
    client.close()


@pytest.fixture
def root(account: Account) -> Iterator[httpx.Client]:
    with account.client("root") as root:
        yield root
        if root.get(PATH).status_code == httpx.codes.OK:
            root.delete(PATH)
            until(lambda: ended(root) == "gone")


def test_a_model_is_made_serves_sleeps_is_woken_and_leaves_nothing(
    account: Account, root: httpx.Client
) -> None:
    with running_engine() as engine:
        made = root.post("/models", json=WANTED)
        assert made.status_code == 200, made.text
        assert made.json()["model"]["status"] == "Creating"
        put_behind_its_balancer(account, engine)
        assert until(lambda: ended(root)) == "InService", told(root)
        model = root.get(PATH).json()["model"]
        assert model["contextWindow"] == 512
        [upstream] = model["upstreams"]
        assert "/_alb/" in upstream["url"]

        stopped = root.put(PATH, json={"enabled": False})
        assert stopped.status_code == 200, stopped.text
        assert until(lambda: ended(root)) == "Stopped", told(root)
        assert outputs_of(account).keys() == {"ClusterName", "LogGroupName"}, "a balancer costs"

        wake(account)  # as gateways do
        until(lambda: ended(root) != "Stopped")
        put_behind_its_balancer(account, engine)
        assert until(lambda: ended(root)) == "InService", told(root)

        removed = root.delete(PATH)
        assert removed.status_code == 200, removed.text
        assert until(lambda: ended(root)) == "gone", told(root)
    assert stacks_of(account) == []


@pytest.mark.slow
def test_a_model_that_never_answers_fails_with_a_reason_and_leaves_nothing(
    account: Account, root: httpx.Client
) -> None:
    made = root.post("/models", json=WANTED)
    assert made.status_code == 200, made.text
    until(lambda: stacks_of(account))

    assert until(lambda: ended(root), seconds=400) == "Failed", told(root)
    model = root.get(PATH).json()["model"]
    assert "doesn't answer" in model["reason"]
    assert model["nextStep"]
    assert stacks_of(account) == []
