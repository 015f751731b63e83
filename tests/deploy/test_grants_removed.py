"""Each door needs what it is granted: without one of its statements its journey fails."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from tests.deploy.conftest import Account
from tests.deploy.hosted import client_of

pytestmark = pytest.mark.timeout(600)  # whoever comes first deploys
FAILURE = 500


def function_of(door: str) -> str:
    return f"lisa-emulator-{door}"


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
        with client_of(account, "lambda") as functions:
            event = json.dumps(self.event).encode()
            done = functions.invoke(FunctionName=function_of(door), Payload=event)
        return "FunctionError" in done


JOURNEYS: dict[str, tuple[str, Any]] = {
    "authorizer": ("ReadTableTokens", Asked("GET", "/me")),
    "sessions": ("WriteTableSessions", Asked("POST", "/sessions", {})),
    "admin": ("WriteTableTokens", Asked("GET", "/tokens")),
    "models": ("WriteTableModels", Asked("GET", "/models")),
    "tools": ("WriteTableToolServers", Asked("GET", "/tool-servers")),
    "repository": ("WriteTableRepositories", Asked("GET", "/repositories")),
    "sweep": ("WriteTableSessions", Invoked({})),
    "watch": ("WriteTableModels", Invoked({})),
    "pipelines": ("WriteTableRepositories", Invoked({})),
}


@contextmanager
def without(account: Account, door: str, statement: str) -> Iterator[None]:
    """Take a statement out of a function's role, in place, and put it back."""
    with client_of(account, "lambda") as functions, client_of(account, "iam") as iam:
        arn = functions.get_function_configuration(FunctionName=function_of(door))["Role"]
        role = arn.rsplit("/", 1)[-1]
        [name] = iam.list_role_policies(RoleName=role)["PolicyNames"]
        document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        kept = [each for each in document["Statement"] if each.get("Sid") != statement]
        assert len(kept) == len(document["Statement"]) - 1
        policy = {"RoleName": role, "PolicyName": name}
        less = {**document, "Statement": kept}
        iam.put_role_policy(**policy, PolicyDocument=json.dumps(less))
        try:
            yield
        finally:
            iam.put_role_policy(**policy, PolicyDocument=json.dumps(document))


@pytest.mark.parametrize("door", JOURNEYS)
def test_without_a_grant_its_journey_fails(account: Account, door: str) -> None:
    statement, journey = JOURNEYS[door]

    assert not journey.fails(account, door)
    with without(account, door, statement):
        assert journey.fails(account, door) is account.emulator.enforce_iam
    assert not journey.fails(account, door)
