"""Trusted issuers as settings: read from JSON, refused with the name of what is wrong."""

import json
from typing import Any

import pytest
from aws_cdk import Stack

from deployment.config.deployment import DeploymentConfig
from lisa.bootstrap.environment import read
from lisa.declared.doors import AUTHORIZER
from lisa.declared.settings import AuthorizerSettings, LocalSettings, SessionsSettings
from lisa.domain.errors import Invalid
from stacks.constructs.environment import environment_of

GOOD = {"issuer": "https://idp.test", "audience": "lisa"}
TABLES = {
    "LISA_TABLE_TOKENS": "t",
    "LISA_TABLE_PEOPLE": "p",
    "LISA_TABLE_AUDIT": "a",
}


def settings_of(*issuers: Any) -> LocalSettings:
    return read(LocalSettings, {"LISA_ISSUERS": json.dumps(issuers)})


def test_issuers_and_role_groups_are_read_by_every_door_that_tells_who_calls() -> None:
    environ = TABLES | {"LISA_ISSUERS": json.dumps([GOOD]), "LISA_ADMIN_GROUP": "admins"}
    more = {
        "LISA_TABLE_SESSIONS": "x",
        "LISA_TABLE_PROJECTS": "j",
        "LISA_TABLE_PROMPTS": "l",
        "LISA_TABLE_CONFIGURATION": "c",
        "LISA_BUCKET_CONTENT": "b",
    }
    for settings in (
        read(AuthorizerSettings, environ),
        read(SessionsSettings, environ | more),
        read(LocalSettings, environ),
    ):
        assert settings.issuers[0].audience == ("lisa",)
        assert settings.issuers[0].username_claim == "sub"
        assert settings.admin_group == "admins"


def test_without_settings_no_issuer_is_trusted() -> None:
    assert read(LocalSettings, {}).issuers == ()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{", r"LISA_ISSUERS: .*is not JSON"),
        ("[" * 50_000, r"LISA_ISSUERS: .*is not JSON"),
        ("{}", r"LISA_ISSUERS: "),
        ('[{"issuer": "https://idp.test"}]', r"LISA_ISSUERS\[0\]\.audience: Field required"),
        ('[{"colour": "blue"}]', r"LISA_ISSUERS\[0\]\.colour: "),
    ],
    ids=lambda text: text[:20],
)
def test_what_is_wrong_is_named(text: str, named: str) -> None:
    with pytest.raises(Invalid, match=named):
        read(LocalSettings, {"LISA_ISSUERS": text})


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "http://idp.test"},
        {"issuer": "idp"},
        {"issuer": ""},
        {"issuer": "https://user:secret@idp.test"},
        {"issuer": "https://[idp"},
        {"audience": ""},
        {"audience": []},
        {"jwks_url": "http://idp.test/keys"},
        {"jwks_url": "http://127.0.0.1.idp.test/keys"},
        {"jwks_url": "file:///keys"},
        {"algorithms": ["HS256"]},
        {"algorithms": ["none"]},
        {"algorithms": []},
        {"kind": "saml"},
        {"prefix": "no-colon"},
        {"username_claim": ""},
    ],
    ids=str,
)
def test_an_unsafe_issuer_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match=r"LISA_ISSUERS\[0\]"):
        settings_of(GOOD | wrong)


@pytest.mark.parametrize(
    "safe",
    [
        {"issuer": "http://127.0.0.1:8080/idp"},
        {"issuer": "http://localhost:8080"},
        {"issuer": "http://[::1]:8080"},
        {"issuer": "anything", "jwks_url": "https://idp.test/keys"},
        {"audience": ["ui", "cli"]},
    ],
    ids=str,
)
def test_loopback_and_a_configured_address_of_keys_are_fine(safe: dict[str, Any]) -> None:
    assert len(settings_of(GOOD | safe).issuers) == 1


def test_several_issuers_need_different_names_and_prefixes() -> None:
    other = GOOD | {"issuer": "https://other.test"}
    for second in (GOOD | {"prefix": "b:"}, other):
        with pytest.raises(Invalid, match="LISA_ISSUERS"):
            settings_of(GOOD, second)
    assert len(settings_of(GOOD, other | {"prefix": "other:"}).issuers) == 2


def test_a_deployment_hands_its_issuers_to_the_door() -> None:
    doors = {"issuers": [GOOD | {"groups_claim": "cognito:groups"}], "user_group": "staff"}
    config = DeploymentConfig.model_validate({"doors": doors})
    names = {"table_tokens": "t", "table_people": "p", "table_audit": "a"}
    settings = read(AuthorizerSettings, environment_of(Stack(), AUTHORIZER, config, names))
    assert settings.issuers == config.doors.issuers
    assert (settings.user_group, settings.admin_group) == ("staff", "")
