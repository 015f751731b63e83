"""The door API Gateway asks, with access tokens of an issuer on loopback."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from lambdas.authorizer import handler
from lisa.adapters.system.clock import SystemClock
from lisa.domain.errors import Unauthenticated, Unavailable
from tests.standins.issuer.issuer import StandInIssuer

METHOD = "arn:aws:execute-api:eu-west-1:1:abc/api/GET/sessions"


@pytest.fixture
def issuer(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandInIssuer]:
    standing = StandInIssuer(SystemClock())
    settings = {
        "LISA_TABLE_TOKENS": "never-read",
        "LISA_TABLE_PEOPLE": "away",
        "LISA_TABLE_AUDIT": "away",
        "LISA_ISSUERS": json.dumps([standing.trusted().model_dump(mode="json")]),
        "LISA_USER_GROUP": "staff",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "never-used",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",  # decisions go on while the tables are away
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    handler._at_first_call.cache_clear()
    yield standing
    handler._at_first_call()[0].close()
    handler._at_first_call.cache_clear()
    standing.stop()


def asked(token: str) -> dict[str, Any]:
    event = {"headers": {"Authorization": token}, "httpMethod": "GET", "methodArn": METHOD}
    return handler.handle(event, None)


def effect(answer: dict[str, Any]) -> str:
    return str(answer["policyDocument"]["Statement"][0]["Effect"])


def test_an_access_token_passes_and_keys_are_asked_for_once(issuer: StandInIssuer) -> None:
    for _ in range(3):
        answer = asked(f"Bearer {issuer.token(groups=['staff'])}")
        assert (effect(answer), answer["principalId"]) == ("Allow", "alice")
    assert len(issuer.pages.asked) == 2


def test_a_token_that_is_not_believed_becomes_401(issuer: StandInIssuer) -> None:
    for token in (issuer.token(exp=1), issuer.token(aud="another"), "a.b.c"):
        with pytest.raises(Unauthenticated, match=r"^Unauthorized$"):
            asked(token)


def test_a_login_outside_the_app_wide_group_is_denied(issuer: StandInIssuer) -> None:
    assert effect(asked(issuer.token(groups=["guests"]))) == "Deny"


def test_without_keys_nobody_passes(issuer: StandInIssuer) -> None:
    issuer.pages.go()
    with pytest.raises(Unavailable):
        asked(issuer.token(groups=["staff"]))
