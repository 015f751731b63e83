"""Each door needs what it is granted: without one of its statements its journey fails."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pytest

from lisa.declared.doors import DOORS
from lisa.domain.identity import Principal
from tests.deploy.conftest import Account
from tests.deploy.grants import without
from tests.deploy.hosted import client_of, function_of, ok, until
from tests.standins.aws_emulator.access import published
from tests.standins.aws_emulator.process import ACCOUNT, REGION

pytestmark = pytest.mark.timeout(600)  # whoever comes first deploys
FAILURE: Final = 500
MODEL: Final = "team/asked-for"


@dataclass(frozen=True)
class Asked:
    """A request with the token of an administrator."""

    method: str
    path: str
    body: Any = None

    def fails(self, account: Account, _door: str) -> bool:
        with account.client("root") as root:
            answer = root.request(self.method, self.path, json=self.body)
        return answer.status_code >= FAILURE


@dataclass(frozen=True)
class Invoked:
    """A function that something of AWS calls."""

    event: Any

    def fails(self, account: Account, door: str) -> bool:
        return "FunctionError" in self.told(account, door)

    def told(self, account: Account, door: str) -> dict[str, Any]:
        event = json.dumps(self.event).encode()
        with client_of(account, "lambda") as functions:
            done = functions.invoke(FunctionName=function_of(door), Payload=event)
            return {**done, "Payload": json.loads(done["Payload"].read())}


@dataclass(frozen=True)
class Fed:
    """A function that is called with a message of the queue of work."""

    def fails(self, account: Account, door: str) -> bool:
        queue = published(account.emulator, "queue/work/name")
        record = {
            "messageId": "a",
            "body": json.dumps({"work": True}),
            "receiptHandle": "nobody's",
            "eventSourceARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}",
        }
        told = Invoked({"Records": [record]}).told(account, door)
        return "FunctionError" in told or bool(told["Payload"]["batchItemFailures"])


@dataclass(frozen=True)
class Replaced:
    """The function that replaces secrets, asked for a step that is over already."""

    def fails(self, account: Account, door: str) -> bool:
        with client_of(account, "lambda") as functions:
            told = functions.get_function_configuration(FunctionName=function_of(door))
        secret, *_ = json.loads(told["Environment"]["Variables"]["LISA_ROTATED_SECRETS"])
        with client_of(account, "secretsmanager") as secrets:
            versions = secrets.describe_secret(SecretId=secret)["VersionIdsToStages"]
        current = next(each for each, stages in versions.items() if "AWSCURRENT" in stages)
        about = {"Step": "finishSecret", "SecretId": secret, "ClientRequestToken": current}
        return Invoked(about).fails(account, door)


def step(name: str, function: str, **state: str) -> Invoked:
    """Return what a state machine asks for after something failed."""
    failure = {"step": "earlier", "caught": {"Error": "Forbidden", "Cause": ""}, "before": {}}
    about = {"task": name, "run": function, "timeout_seconds": 10, "failure": failure}
    return Invoked({**about, "state": {"run": "nobody's", "workflow": "none", **state}})


CALLER: Final = Principal(subject="ada").model_dump(mode="json")
JOURNEYS: Final[Mapping[str, tuple[str, Asked | Invoked | Fed | Replaced]]] = {
    "authorizer": ("ReadTableTokens", Asked("GET", "/me")),
    "sessions": ("WriteTableSessions", Asked("POST", "/sessions", {})),
    "admin": ("WriteTableTokens", Asked("GET", "/tokens")),
    "models": ("WriteTableModels", Asked("GET", "/models")),
    "tools": ("WriteTableToolServers", Asked("GET", "/tool-servers")),
    "repository": ("WriteTableRepositories", Asked("GET", "/repositories")),
    "workflows": ("WriteTableModels", step("say why", "say_why", model="nobody's")),
    "stores": ("WriteTableRepositories", step("tell why", "tell_why", repository="nobody's")),
    "wake": ("WriteTableModels", Invoked({"caller": CALLER, "model": MODEL})),
    "ingest": ("WriteTableRagDocuments", Fed()),
    "sweep": ("WriteTableSessions", Invoked({})),
    "watch": ("WriteTableModels", Invoked({})),
    "pipelines": ("WriteTableRepositories", Invoked({})),
    "rotate": ("Rotate", Replaced()),
}


def role_of(account: Account, door: str) -> str:
    """Return the name of a function's role."""
    with client_of(account, "lambda") as functions:
        arn = functions.get_function_configuration(FunctionName=function_of(door))["Role"]
    return str(arn).rsplit("/", 1)[-1]


@pytest.fixture(scope="module")
def model(account: Account) -> Iterator[None]:
    """Have a model that needn't be woken."""
    wanted = {"modelId": MODEL, "modelName": "m", "modelUrl": "http://127.0.0.1:9/v1"}
    with account.client("root") as root:
        ok(root.post("/models", json=wanted))
        yield
        ok(root.delete(f"/models/{MODEL}"))


def test_there_is_a_journey_for_each_door() -> None:
    assert JOURNEYS.keys() == {door.name for door in DOORS}


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize("door", JOURNEYS)
def test_without_a_grant_its_journey_fails(account: Account, door: str) -> None:
    statement, journey = JOURNEYS[door]

    assert not journey.fails(account, door)
    with without(account, role_of(account, door), statement):
        if account.emulator.enforce_iam:
            until(lambda: journey.fails(account, door))  # an answer may be kept for a moment
        else:
            assert not journey.fails(account, door)
    assert not journey.fails(account, door)
