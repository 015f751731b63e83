"""A model that LISA runs in the emulated account: what is asked for, and what is seen of it.

No machine starts here: an engine on loopback stands behind the balancer that its stack makes.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import httpx

from tests.deploy.conftest import Account
from tests.standins.aws_emulator.access import session_of
from tests.standins.aws_emulator.process import REGION
from tests.unit.engines.weights_files import safetensors

MODEL: Final = "team/hosted"
PATH: Final = f"/models/{MODEL}"
BUCKET: Final = "weights"  # as in config/emulator.yaml
WEIGHTS: Final = {
    "config.json": b'{"architectures": ["LlamaForCausalLM"], "max_position_embeddings": 512}',
    "tokenizer.json": b"{}",
    "model.safetensors": safetensors(),
}
WANTED: Final[dict[str, Any]] = {
    "modelId": MODEL,
    "modelType": "textgen",
    "hostingType": "lisa_hosted",
    "hosting": {
        "kind": "cloudformation",
        "engine": "vllm",
        "weights": {"source": f"s3://{BUCKET}/tiny"},
        "instanceType": "m6i.large",
        "idleSeconds": 86_400,  # a day: longer than any test, so that nothing stops by itself
    },
}
ON_ITS_WAY: Final = frozenset({"Creating", "Deleting", "Starting", "Stopping", "Updating"})
SECONDS: Final = 240


def until(seen: Callable[[], Any], *, seconds: float = SECONDS) -> Any:
    """Return what is seen once it is something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := seen():
            return found
        time.sleep(0.3)
    raise AssertionError(f"not within {seconds} seconds")


def ok(answer: httpx.Response) -> Any:
    """Return what it says; nothing where there is nothing to say."""
    assert answer.is_success, (answer.status_code, answer.text)
    return answer.json() if answer.content else None


@contextmanager
def client_of(account: Account, service: Any) -> Iterator[Any]:
    """Return a client with the rights of the account's owner."""
    client = session_of().client(service, endpoint_url=account.emulator.endpoint)
    try:
        yield client
    finally:
        client.close()


def function_of(door: str) -> str:
    """Return what the function of a door is called."""
    return f"lisa-emulator-{door}"


def put_weights(account: Account, folder: str, **instead: bytes | None) -> None:
    """Write weights into a folder of the bucket, without those that are None."""
    files = {**WEIGHTS, **{name.replace("_", "."): content for name, content in instead.items()}}
    with client_of(account, "s3") as s3:
        for name, content in files.items():
            if content is not None:
                s3.put_object(Bucket=BUCKET, Key=f"{folder}/{name}", Body=content)


def make_bucket(account: Account) -> None:
    """Make the bucket of weights; where it is there it stays."""
    with client_of(account, "s3") as s3:
        if BUCKET not in {each["Name"] for each in s3.list_buckets()["Buckets"]}:
            place = {"LocationConstraint": REGION}
            s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)


def stacks_of(account: Account) -> list[dict[str, Any]]:
    """Return the stacks of models that are there."""
    with client_of(account, "cloudformation") as client:
        found = client.describe_stacks()["Stacks"]
    ours = [dict(each) for each in found if "-model-" in each["StackName"]]
    return [each for each in ours if each["StackStatus"] != "DELETE_COMPLETE"]


def outputs_of(account: Account) -> dict[str, str]:
    """Return what the stack says of itself."""
    outputs = [output for stack in stacks_of(account) for output in stack.get("Outputs", [])]
    return {each["OutputKey"]: each["OutputValue"] for each in outputs}


@dataclass(frozen=True)
class Hosted:
    """The model, as an administrator sees it."""

    root: httpx.Client

    def ask(self, verb: str) -> None:
        """Ask for what a workflow does."""
        answer = {
            "create": lambda: self.root.post("/models", json=WANTED),
            "update": lambda: self.root.put(PATH, json={"hosting": self._larger()}),
            "stop": lambda: self.root.put(PATH, json={"enabled": False}),
            "start": lambda: self.root.put(PATH, json={"enabled": True}),
            "delete": lambda: self.root.delete(PATH),
        }[verb]()
        assert answer.status_code == httpx.codes.OK, answer.text

    def ended(self) -> str:
        """Return the status once nothing is under way; empty before."""
        answer = self.root.get(PATH)
        if answer.status_code == httpx.codes.NOT_FOUND:
            return "gone"
        status = str(answer.json()["model"]["status"])
        return "" if status in ON_ITS_WAY else status

    def does(self, verb: str) -> str:
        """Ask for it, and return the status it ends with."""
        self.ask(verb)
        return str(until(self.ended))

    def _larger(self) -> dict[str, int]:
        return {"diskGb": self.shown["hosting"]["diskGb"] + 1}

    @property
    def shown(self) -> dict[str, Any]:
        """Return all of it."""
        return dict(self.root.get(PATH).json()["model"])

    def events(self) -> list[dict[str, Any]]:
        """Return its whole timeline."""
        return list(self.root.get(f"{PATH}/events", params={"limit": 1000}).json()["events"])

    def told(self) -> str:
        """Return the timeline for people."""
        return "\n".join(
            f"{each['workflow']} {each['step']} {each['phase']} {each['status']}: {each['words']}"
            f" | {each['cause']} | {each['nextStep']}"
            for each in self.events()
        )
