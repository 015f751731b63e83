"""Where people sign in: a user pool of the deployment, or the issuers it lists."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from deployment.config.deployment import DeploymentConfig
from deployment.config.identity import CognitoConfig, IdentityConfig, PasswordRules
from deployment.config.reading import read_config
from lisa.declared.doors import DOORS, REPOSITORY
from lisa.declared.services import SERVICES
from lisa.declared.settings import IdentitySettings
from lisa.declared.tables import PEOPLE, TOKENS
from lisa.domain.errors import Invalid
from tests.stacks.resources import function_of, of_type, text

WITHOUT_PREFIX = """
identity:
  provider: cognito
doors:
  issuers:
  - issuer: https://idp.example.com
    audience: lisa
"""
Synthesise = Callable[[DeploymentConfig], dict[str, Any]]
PARTNER = {"issuer": "https://idp.example.com", "audience": "lisa"}
ENTRA = """
identity:
  provider: issuers
doors:
  admin_group: 11111111-2222-3333-4444-555555555555
  issuers:
  - issuer: https://login.microsoftonline.com/TENANT/v2.0
    audience: api-client-id
    username_claim: oid
"""


def with_pool(**wanted: Any) -> DeploymentConfig:
    return DeploymentConfig(
        identity=IdentityConfig(cognito=CognitoConfig(**wanted)),
        doors=IdentitySettings(user_group="staff"),
    )


def ref(name: str) -> str:
    return f"${{{name}}}"


def only(template: Mapping[str, Any], kind: str) -> dict[str, Any]:
    [found] = of_type(template, f"AWS::Cognito::{kind}").values()
    return dict(found["Properties"])


def environment_of(templates: Mapping[str, Any], door: Any) -> dict[str, str]:
    """Return a door's environment as it is once everything it looks up is known."""
    template, function = function_of(templates, door)
    published = {
        f"${{{name}}}": declared["Default"] for name, declared in template["Parameters"].items()
    }
    known = {
        "/lisa/dev/identity/issuer": "https://cognito-idp.example.com/pool",
        "/lisa/dev/identity/keys": "https://cognito-idp.example.com/pool/.well-known/jwks.json",
    }
    filled = {}
    for name, value in function["Environment"]["Variables"].items():
        written = text(value)
        for placeholder, parameter in published.items():
            written = written.replace(placeholder, known.get(parameter, parameter))
        filled[name] = written
    return filled


def test_the_pool_is_protected_and_people_sign_in_by_address(templates: Mapping[str, Any]) -> None:
    [resource] = of_type(templates["identity"], "AWS::Cognito::UserPool").values()
    pool = resource["Properties"]

    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"
    assert pool["DeletionProtection"] == "ACTIVE"
    assert pool["UsernameAttributes"] == ["email"]
    assert pool["UsernameConfiguration"] == {"CaseSensitive": False}
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert [each["Name"] for each in pool["AccountRecoverySetting"]["RecoveryMechanisms"]] == [
        "verified_email"
    ]
    assert (pool["MfaConfiguration"], pool["EnabledMfas"]) == ("OPTIONAL", ["SOFTWARE_TOKEN_MFA"])
    assert pool["UserPoolTier"] == "ESSENTIALS"


def test_the_client_has_no_secret_and_one_way_in(templates: Mapping[str, Any]) -> None:
    client = only(templates["api"], "UserPoolClient")

    assert client["GenerateSecret"] is False
    assert client["AllowedOAuthFlows"] == ["code"]
    assert client["AllowedOAuthScopes"] == ["openid", "profile", "email", "lisa/api"]
    # None at all would allow some; this one needs a trigger, and the pool has none.
    assert client["ExplicitAuthFlows"] == ["ALLOW_CUSTOM_AUTH"]
    assert "LambdaConfig" not in only(templates["identity"], "UserPool")
    assert client["PreventUserExistenceErrors"] == "ENABLED"
    assert client["EnableTokenRevocation"] is True
    assert client["RefreshTokenRotation"]["Feature"] == "ENABLED"
    assert client["SupportedIdentityProviders"] == ["COGNITO"]


def test_the_first_deployment_knows_where_people_come_back_to(
    templates: Mapping[str, Any],
) -> None:
    api = templates["api"]
    client = only(api, "UserPoolClient")
    [gateway] = of_type(api, "AWS::ApiGateway::RestApi")
    [returning] = map(text, client["CallbackURLs"])

    assert client["CallbackURLs"] == client["LogoutURLs"]
    assert returning.startswith(f"https://{ref(gateway)}.execute-api.{ref('AWS::Region')}.")
    assert returning.endswith("/ui/index.html")


def test_one_client_of_the_pool_may_call_us(templates: Mapping[str, Any]) -> None:
    server = only(templates["identity"], "UserPoolResourceServer")
    clients = [
        client
        for template in templates.values()
        for client in of_type(template, "AWS::Cognito::UserPoolClient")
    ]

    assert server["Identifier"] == "lisa"
    assert [each["ScopeName"] for each in server["Scopes"]] == ["api"]
    assert len(clients) == 1


def test_the_pool_is_as_configured(synthesise: Synthesise) -> None:
    config = with_pool(
        mfa="required",
        self_sign_up=True,
        threat_protection="enforced",
        login_prefix="our-lisa",
        callback_urls=("https://lisa.example.org/",),
        access_token_minutes=5,
        password=PasswordRules(min_length=20),
    )
    templates = synthesise(config)
    identity = templates["identity"]
    pool, client = only(identity, "UserPool"), only(templates["api"], "UserPoolClient")

    assert pool["MfaConfiguration"] == "ON"
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is False
    assert pool["UserPoolTier"] == "PLUS"
    assert pool["UserPoolAddOns"] == {"AdvancedSecurityMode": "ENFORCED"}
    assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] == 20
    assert only(identity, "UserPoolDomain")["Domain"] == "our-lisa"
    assert client["CallbackURLs"][1:] == ["https://lisa.example.org/"]
    assert (client["AccessTokenValidity"], client["IdTokenValidity"]) == (5, 5)


def test_without_a_second_factor_none_is_offered(synthesise: Synthesise) -> None:
    pool = only(synthesise(with_pool(mfa="off"))["identity"], "UserPool")

    assert pool["MfaConfiguration"] == "OFF"
    assert "EnabledMfas" not in pool


def test_a_pool_may_go_with_its_stack_where_data_may(synthesise: Synthesise) -> None:
    identity = synthesise(DeploymentConfig(data="destroy"))["identity"]
    [pool] = of_type(identity, "AWS::Cognito::UserPool").values()

    assert pool["DeletionPolicy"] == "Delete"
    assert pool["Properties"]["DeletionProtection"] == "INACTIVE"


def test_every_door_that_asks_who_calls_believes_the_pool(templates: Mapping[str, Any]) -> None:
    for door in DOORS:
        environment = environment_of(templates, door)
        if not issubclass(door.settings, IdentitySettings):
            assert "LISA_ISSUERS" not in environment
            continue
        told = IdentitySettings.model_validate({"issuers": environment["LISA_ISSUERS"]})
        [issuer] = told.issuers
        assert (issuer.issuer, issuer.audience) == (
            "https://cognito-idp.example.com/pool",
            ("lisa",),
        )
        assert (issuer.kind, issuer.groups_claim) == ("cognito", "cognito:groups")
        assert (issuer.username_claim, issuer.prefix) == ("sub", "")
        assert environment["LISA_ADMIN_GROUP"] == "lisa-admin"
        assert environment["LISA_RAG_ADMIN_GROUP"] == "lisa-rag-admin"
        assert environment["LISA_USER_GROUP"] == ""


def test_the_groups_that_mean_something_are_there(synthesise: Synthesise) -> None:
    doors = IdentitySettings(admin_group="chiefs", user_group="staff", api_group="staff")
    templates = synthesise(DeploymentConfig(doors=doors))
    groups = of_type(templates["identity"], "AWS::Cognito::UserPoolGroup").values()

    assert {group["Properties"]["GroupName"] for group in groups} == {
        "chiefs",
        "lisa-rag-admin",
        "staff",
    }
    assert environment_of(templates, DOORS[0])["LISA_ADMIN_GROUP"] == "chiefs"


def test_with_issuers_of_its_own_a_deployment_makes_no_pool(
    synthesise: Synthesise, tmp_path: Path
) -> None:
    file = tmp_path / "entra.yaml"
    file.write_text(ENTRA)
    config = read_config(file)
    templates = synthesise(config)

    assert "identity" not in templates
    for door in DOORS:
        if issubclass(door.settings, IdentitySettings) and door is not REPOSITORY:
            environment = environment_of(templates, door)
            told = IdentitySettings.model_validate({"issuers": environment["LISA_ISSUERS"]})
            assert told.issuers == config.doors.issuers
            assert environment["LISA_RAG_ADMIN_GROUP"] == ""


def test_a_pool_and_another_issuer_stand_side_by_side(synthesise: Synthesise) -> None:
    doors = IdentitySettings.model_validate({"issuers": [PARTNER | {"prefix": "partner:"}]})
    templates = synthesise(
        DeploymentConfig(identity=IdentityConfig(provider="cognito"), doors=doors)
    )
    issuers = json.loads(environment_of(templates, DOORS[0])["LISA_ISSUERS"])

    assert [each["issuer"] for each in issuers] == [
        "https://cognito-idp.example.com/pool",
        "https://idp.example.com",
    ]
    assert IdentitySettings.model_validate({"issuers": issuers}).issuers[1].prefix == "partner:"


def test_keys_may_be_had_elsewhere(synthesise: Synthesise) -> None:
    identity = synthesise(with_pool(keys_from="https://proxy.example.org/cognito/"))["identity"]
    published = {
        parameter["Properties"]["Name"]: text(parameter["Properties"]["Value"])
        for parameter in of_type(identity, "AWS::SSM::Parameter").values()
    }
    [pool] = of_type(identity, "AWS::Cognito::UserPool")

    assert published["/lisa/dev/identity/keys"] == (
        f"https://proxy.example.org/cognito/${{{pool}}}/.well-known/jwks.json"
    )
    assert published["/lisa/dev/identity/issuer"] == f"https://${{{pool}.ProviderName}}"


@pytest.mark.parametrize("provider", ["auto", "cognito", "issuers"])
def test_the_pools_settings_are_refused_where_there_is_none(provider: str) -> None:
    wanted = {"provider": provider, "cognito": {"mfa": "off"}}
    issuers = [PARTNER | {"prefix": "partner:"}]
    if provider == "cognito":
        DeploymentConfig.model_validate({"identity": wanted, "doors": {"issuers": issuers}})
        return
    with pytest.raises(ValidationError, match="this makes none"):
        DeploymentConfig.model_validate({"identity": wanted, "doors": {"issuers": issuers}})


def test_whoever_asks_who_calls_reads_what_is_known_of_people() -> None:
    asking = [each for each in (*DOORS, *SERVICES) if issubclass(each.settings, IdentitySettings)]
    reads = {each.name: dict(each.tables).keys() >= {TOKENS, PEOPLE} for each in asking}
    assert reads.keys() >= {"authorizer", "models", "serve"}
    assert {name for name, does in reads.items() if not does} == set()


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("identity: {provider: issuers}", "needs doors.issuers"),
        ("identity: {colour: blue}", "identity.colour"),
        ("identity: {cognito: {mfa: maybe}}", "identity.cognito.mfa"),
        ("web: {enabled: false}", "identity.cognito.callback_urls"),
        (
            "identity: {cognito: {callback_urls: ['http://lisa.example.org/']}}",
            r"identity.cognito.callback_urls\[0\]: .*https://",
        ),
        ("identity: {cognito: {login_prefix: our-cognito}}", "'cognito' may not be"),
        ("name: lisa-aws", "'aws' may not be .*choose one"),
        ("identity: {cognito: {keys_from: 'http://example.org'}}", "keys_from: .*https://"),
        (
            "identity: {cognito: {password: {min_length: 4}}}",
            "identity.cognito.password.min_length",
        ),
        (WITHOUT_PREFIX, "needs a prefix"),
        ("doors: {admin_group: the chiefs}", "admin_group"),
        ("identity: {cognito: {self_sign_up: true}}", "lets anybody in"),
    ],
)
def test_a_mistake_is_told_in_words(tmp_path: Path, written: str, named: str) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(written)

    with pytest.raises(Invalid, match=named):
        read_config(file)
