"""The steps of a rotation, one by one, repeated and refused, on a Secrets Manager of moto's."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError
from moto import mock_aws
from moto.backends import get_backend

from lambdas.rotate.handler import _at_first_call, handle
from lisa.adapters.aws_secrets.rotation import STEPS, Rotation
from lisa.adapters.aws_secrets.store import make_client
from lisa.adapters.system.ids import RandomIds
from lisa.domain.errors import Conflict, Forbidden, Invalid, LisaError, NotFound, Unavailable
from lisa.domain.rotating import read_rotating

REGION = "us-east-1"
ACCOUNT = "123456789012"  # moto's
TOKENS = [f"{number:032d}" for number in range(3)]


@dataclass(frozen=True)
class Kept:
    """A secret, and what replaces it."""

    client: Any
    arn: str
    rotation: Rotation

    def begin(self, token: str) -> None:
        """Do what Secrets Manager does first; moto goes on to the end by itself."""
        secret = get_backend("secretsmanager")[ACCOUNT][REGION].secrets[self.arn]
        secret.versions[token] = {
            "createdate": 1,
            "version_id": token,
            "version_stages": ["AWSPENDING"],
        }

    def rotate(self, token: str, *, times: int = 1) -> None:
        """Do all steps, each so often."""
        self.begin(token)
        for step in STEPS:
            for _ in range(times):
                self.rotation.step(step, self.arn, token)

    def all_steps(self, rotation: Rotation, token: str) -> None:
        for step in STEPS:
            rotation.step(step, self.arn, token)

    def text(self, stage: str = "AWSCURRENT") -> str:
        """Ask for the stage by name: moto's choice without one isn't that of AWS."""
        told = self.client.get_secret_value(SecretId=self.arn, VersionStage=stage)
        return str(told["SecretString"])


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        client = make_client()
        arn = client.create_secret(Name="made-by-a-stack", SecretString="first")["ARN"]
        yield Kept(client, arn, Rotation(client, RandomIds(), [arn]))


@pytest.mark.parametrize("times", [1, 2], ids=["once", "twice"])
def test_a_rotation_leaves_the_words_in_use_and_adds_one(kept: Kept, times: int) -> None:
    kept.rotate(TOKENS[0], times=times)
    first = read_rotating(kept.text()).words
    assert first[:2] == ("first", "first")
    assert len(first[2]) == 64
    kept.rotate(TOKENS[1], times=times)
    second = read_rotating(kept.text()).words

    assert second[:2] == first[1:]
    assert second[2] not in first
    told = kept.client.describe_secret(SecretId=kept.arn)["VersionIdsToStages"]
    assert "AWSCURRENT" in told[TOKENS[1]]
    assert told[TOKENS[0]] == ["AWSPREVIOUS"]


def test_nothing_changes_before_the_last_step(kept: Kept) -> None:
    kept.begin(TOKENS[0])
    for step in STEPS[:-1]:
        kept.rotation.step(step, kept.arn, TOKENS[0])
        assert kept.text() == "first"
    assert kept.text("AWSPENDING").startswith("first first ")


def test_a_step_that_comes_again_after_the_end_changes_nothing(kept: Kept) -> None:
    kept.rotate(TOKENS[0])
    before = kept.text()
    for step in STEPS:
        kept.rotation.step(step, kept.arn, TOKENS[0])
    assert kept.text() == before


def test_the_next_step_before_the_first_is_refused(kept: Kept) -> None:
    kept.begin(TOKENS[0])
    for step in ("testSecret", "finishSecret"):
        with pytest.raises(Conflict):
            kept.rotation.step(step, kept.arn, TOKENS[0])
    assert kept.text() == "first"


def test_a_secret_changed_by_hand_meanwhile_is_not_overwritten(kept: Kept) -> None:
    kept.begin(TOKENS[0])
    kept.rotation.step("createSecret", kept.arn, TOKENS[0])
    kept.client.put_secret_value(SecretId=kept.arn, SecretString="by hand")
    for step in ("testSecret", "finishSecret"):
        with pytest.raises(Conflict, match="changed while"):
            kept.rotation.step(step, kept.arn, TOKENS[0])
    assert kept.text() == "by hand"


def test_the_same_text_passes_the_test_as_aws_tries_a_configuration_with_it(kept: Kept) -> None:
    kept.client.put_secret_value(
        SecretId=kept.arn,
        SecretString="first",
        ClientRequestToken=TOKENS[0],
        VersionStages=["AWSPENDING"],
    )
    kept.rotation.step("testSecret", kept.arn, TOKENS[0])


def test_a_version_that_is_not_pending_and_a_wrong_token_are_refused(kept: Kept) -> None:
    kept.rotate(TOKENS[0])
    kept.rotate(TOKENS[1])
    before = kept.text()
    for step in STEPS:
        with pytest.raises(Conflict):
            kept.rotation.step(step, kept.arn, TOKENS[0])
        with pytest.raises(NotFound):
            kept.rotation.step(step, kept.arn, "made-up")
    assert kept.text() == before


def test_a_foreign_secret_and_an_unknown_step_are_refused_before_anything_is_asked(
    kept: Kept,
) -> None:
    foreign = kept.client.create_secret(Name="theirs", SecretString="theirs")["ARN"]
    for secret in (foreign, "made-by-a-stack", ""):
        with pytest.raises(Forbidden):
            kept.rotation.step("createSecret", secret, TOKENS[0])
    with pytest.raises(Invalid):
        kept.rotation.step("dropSecret", kept.arn, TOKENS[0])


@dataclass
class Refusing:
    """A client of which one call fails, as the real one would."""

    client: Any
    call: str
    failure: Exception
    asked: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        def fail(**_: Any) -> None:
            raise self.failure

        return fail if name == self.call else getattr(self.client, name)


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": ""}}, "any")


@pytest.mark.parametrize(
    "call",
    ["describe_secret", "get_secret_value", "put_secret_value", "update_secret_version_stage"],
)
@pytest.mark.parametrize(
    "failure",
    [refusal("AccessDeniedException"), ConnectTimeoutError(endpoint_url="there")],
    ids=["refused", "silent"],
)
def test_where_secrets_manager_does_not_answer_that_is_told_and_the_text_stays(
    kept: Kept, call: str, failure: Exception
) -> None:
    kept.begin(TOKENS[0])
    refusing = Rotation(Refusing(kept.client, call, failure), RandomIds(), [kept.arn])
    with pytest.raises(Unavailable):
        kept.all_steps(refusing, TOKENS[0])
    assert kept.text() == "first"
    kept.all_steps(kept.rotation, TOKENS[0])
    assert kept.text().startswith("first first ")


def test_the_step_done_twice_at_once_is_done_once(kept: Kept) -> None:
    kept.begin(TOKENS[0])
    late = Refusing(kept.client, "put_secret_value", refusal("ResourceExistsException"))
    Rotation(late, RandomIds(), [kept.arn]).step("createSecret", kept.arn, TOKENS[0])
    with pytest.raises(LisaError):  # the other one hasn't ended yet
        kept.rotation.step("testSecret", kept.arn, TOKENS[0])


def test_the_door_takes_the_events_of_secrets_manager(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LISA_ROTATED_SECRETS", json.dumps([kept.arn]))
    _at_first_call.cache_clear()
    kept.begin(TOKENS[0])
    for step in STEPS:
        handle({"Step": step, "SecretId": kept.arn, "ClientRequestToken": TOKENS[0]}, None)
    _at_first_call.cache_clear()
    assert kept.text().startswith("first first ")
