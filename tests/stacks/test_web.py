"""The pages: who may read them, what they are told, and what the function that copies them may."""

from collections.abc import Callable, Mapping
from typing import Any

import aws_cdk as cdk
import pytest

from deployment.config.deployment import DeploymentConfig
from deployment.config.reading import read_config
from deployment.config.web import WebConfig
from lisa.declared.pages import FOREVER, REVALIDATED
from stacks.constructs.pages_route import FOLDER, HEADERS, POLICY
from stacks.deployment import compose
from stacks.web import NO_GATEWAY
from tests.stacks.conftest import WITH_INFERENCE, context
from tests.stacks.resources import of_type, statements_of, text

Synthesise = Callable[[DeploymentConfig], dict[str, Any]]
INFERENCE = read_config(WITH_INFERENCE)
ELSEWHERE = DeploymentConfig(web=WebConfig(gateway="https://inference.example.com"))
PLAIN = INFERENCE.serve.model_copy(update={"certificate": "", "domain": "", "plain_http": "x"})


@pytest.fixture
def copied(templates: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what is copied into the bucket, by how long browsers keep it."""
    kind = "Custom::CDKBucketDeployment"
    found = [each["Properties"] for each in of_type(templates["web"], kind).values()]
    return {each["SystemMetadata"]["cache-control"]: each for each in found}


def page_methods(api: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = [each["Properties"] for each in of_type(api, "AWS::ApiGateway::Method").values()]
    return [each for each in found if each["AuthorizationType"] == "NONE"]


def test_strangers_can_read_pages_and_do_nothing_else(templates: Mapping[str, Any]) -> None:
    methods = page_methods(templates["api"])

    assert {method["HttpMethod"] for method in methods} == {"GET"}
    assert sorted(method["Integration"]["Type"] for method in methods) == ["AWS", "MOCK"]


def test_the_api_reads_the_pages_folder_and_nothing_else(templates: Mapping[str, Any]) -> None:
    [role] = [name for name in of_type(templates["api"], "AWS::IAM::Role") if "Pages" in name]
    [statement] = statements_of(templates["api"], role)

    assert statement["Action"] == "s3:GetObject"
    assert text(statement["Resource"]).endswith(f":s3:::${{BucketWeb}}/{FOLDER}/*")


def test_every_page_says_what_it_may_load_and_every_asset_stays(
    templates: Mapping[str, Any], copied: Mapping[str, dict[str, Any]]
) -> None:
    policy = text(copied[REVALIDATED]["UserMetadata"][POLICY])
    [answer] = [
        each
        for method in page_methods(templates["api"])
        for each in method["Integration"]["IntegrationResponses"]
        if each["StatusCode"] == "200"
    ]

    assert set(copied) == {FOREVER, REVALIDATED}
    assert "script-src 'self';" in policy
    asked = "connect-src 'self' https://inference.example.com https://${BucketContent}.s3."
    assert asked in policy
    shown = {f"method.response.header.{name}": value for name, value in HEADERS.items()}
    assert answer["ResponseParameters"] == shown


def test_what_copies_pages_reads_assets_and_writes_the_folder(
    templates: Mapping[str, Any],
) -> None:
    web = templates["web"]
    [function] = of_type(web, "AWS::Lambda::Function").values()
    role = function["Properties"]["Role"]["Fn::GetAtt"][0]
    granted = {
        action: text(statement["Resource"])
        for statement in statements_of(web, role)
        for action in (
            [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
        )
    }

    assert granted["s3:PutObject"].endswith(f"/{FOLDER}/*")
    assert {name for name in granted if name.startswith("s3:")} == {
        "s3:GetObject",
        "s3:PutObject",
        "s3:ListBucket",
    }
    assert not any("Delete" in name for name in granted)
    assert "ManagedPolicyArns" not in web["Resources"][role]["Properties"]


def test_no_file_is_taken_away_from_a_page_that_is_open(
    copied: Mapping[str, dict[str, Any]],
) -> None:
    assert all(each["Prune"] is False for each in copied.values())


@pytest.mark.parametrize(
    ("changed", "asked"),
    [
        ({"web": WebConfig(gateway="https://cdn.example.com")}, "https://cdn.example.com "),
        ({"serve": PLAIN, "web": WebConfig(plain_http="x")}, "http://${ServeBalancer} "),
    ],
)
def test_pages_ask_the_gateway_elsewhere_where_the_configuration_says_so(
    synthesise: Synthesise, changed: dict[str, Any], asked: str
) -> None:
    web = synthesise(INFERENCE.model_copy(update=changed))["web"]
    policies = [
        text(each["Properties"]["UserMetadata"][POLICY])
        for each in of_type(web, "Custom::CDKBucketDeployment").values()
        if "UserMetadata" in each["Properties"]
    ]

    assert [f"connect-src 'self' {asked}" in policy for policy in policies] == [True]


@pytest.mark.parametrize(
    ("config", "warned"), [(DeploymentConfig(), True), (ELSEWHERE, True), (INFERENCE, False)]
)
def test_pages_without_a_gateway_are_deployed_with_a_warning(
    config: DeploymentConfig, *, warned: bool
) -> None:
    app = cdk.App(context=context(), analytics_reporting=False)
    compose(app, config)
    web = app.node.find_child("lisa-dev-web")

    said = [each.data for each in web.node.metadata if each.type == "aws:cdk:warning"]
    assert any(NO_GATEWAY in str(each) for each in said) == warned
