import json
from collections.abc import Mapping
from typing import Any

import aws_cdk as cdk
import pytest
from pydantic import ValidationError

from deployment.config.deployment import DeploymentConfig
from lisa.declared.doors import AUTHORIZER, DOORS
from lisa.declared.entry_points import STAGE, Door
from lisa.domain.statuses import STATUS
from lisa.http.errors import body
from stacks.api import ApiStack
from stacks.constructs.gateway_errors import GATEWAY_ERRORS, GatewayError
from stacks.constructs.pages_route import FOLDER
from tests.stacks.conftest import context
from tests.stacks.resources import function_of, of_type, text

serving_doors = pytest.mark.parametrize(
    "door", [door for door in DOORS if door.prefixes], ids=lambda door: str(door.name)
)


NAMED = {
    "domain": "lisa.example.com",
    "certificate": "arn:aws:acm:eu-central-1:123456789012:certificate/made-up",
}
ENTRIES = {"private": True, "vpc_endpoints": ["vpce-0a", "vpce-0b"]}


def made(api: Mapping[str, Any]) -> dict[str, Any]:
    """Return the template of the API alone, of a deployment without a network of its own."""
    app = cdk.App(
        context=context(), analytics_reporting=False, builtin_cloud_formation_validation=False
    )
    stack = ApiStack(app, DeploymentConfig.model_validate({"api": api}))
    template: dict[str, Any] = app.synth().get_stack_by_name(stack.stack_name).template
    return template


def origin_in(template: Mapping[str, Any]) -> str:
    """Return where other stacks are told that pages come from."""
    [origin] = [
        text(parameter["Properties"]["Value"])
        for parameter in of_type(template, "AWS::SSM::Parameter").values()
        if parameter["Properties"]["Name"].endswith("/api/origin")
    ]
    return origin


def paths(template: Mapping[str, Any]) -> dict[str, str]:
    """Return the logical id of every resource by its path."""
    resources = of_type(template, "AWS::ApiGateway::Resource")

    def path(name: str) -> str:
        properties = resources[name]["Properties"]
        above = properties["ParentId"].get("Ref")
        return f"{path(above) if above else ''}/{properties['PathPart']}"

    return {path(name): name for name in resources}


def test_every_method_asks_the_authorizer_which_remembers_nothing(
    templates: Mapping[str, Any],
) -> None:
    [(name, authorizer)] = of_type(templates["api"], "AWS::ApiGateway::Authorizer").items()
    places = paths(templates["api"])
    pages = {places[path] for path in places if path.startswith(f"/{FOLDER}")}
    methods = [
        method
        for method in of_type(templates["api"], "AWS::ApiGateway::Method").values()
        if method["Properties"]["ResourceId"]["Ref"] not in pages
    ]
    _, function = function_of(templates, AUTHORIZER)

    assert methods
    for method in methods:
        assert method["Properties"]["AuthorizationType"] == "CUSTOM"
        assert method["Properties"]["AuthorizerId"] == {"Ref": name}
    assert authorizer["Properties"]["Type"] == "REQUEST"
    assert authorizer["Properties"]["AuthorizerResultTtlInSeconds"] == 0
    assert "IdentitySource" not in authorizer["Properties"]
    assert function["Role"]["Fn::GetAtt"][0].startswith("Doorauthorizer")


@serving_doors
def test_each_prefix_and_all_below_it_leads_to_its_door(
    templates: Mapping[str, Any], door: Door
) -> None:
    api = templates["api"]
    by_path = paths(api)

    for prefix in door.prefixes:
        for path in (f"/{prefix}", f"/{prefix}/{{proxy+}}"):
            [method] = [
                method["Properties"]
                for method in of_type(api, "AWS::ApiGateway::Method").values()
                if method["Properties"]["ResourceId"] == {"Ref": by_path[path]}
            ]
            [parameter] = [
                parameter
                for parameter, declared in api["Parameters"].items()
                if declared["Default"] == f"/lisa/dev/door/{door.name}"
            ]
            assert method["HttpMethod"] == "ANY"
            assert method["Integration"]["Type"] == "AWS_PROXY"
            assert f"functions/${{{parameter}}}/invocations" in text(method["Integration"]["Uri"])


def test_nothing_else_is_served(templates: Mapping[str, Any]) -> None:
    prefixes = {prefix for door in DOORS for prefix in door.prefixes}

    assert {path.split("/")[1] for path in paths(templates["api"])} == {*prefixes, FOLDER}


@serving_doors
def test_a_doors_function_is_published_and_may_be_called_by_this_api_only(
    templates: Mapping[str, Any], door: Door
) -> None:
    published = {
        parameter["Properties"]["Name"]: text(parameter["Properties"]["Value"])
        for template in templates.values()
        for parameter in of_type(template, "AWS::SSM::Parameter").values()
    }
    permissions = [
        permission["Properties"]
        for permission in of_type(templates["api"], "AWS::Lambda::Permission").values()
    ]

    assert f"/lisa/dev/door/{door.name}" in published
    [api] = of_type(templates["api"], "AWS::ApiGateway::RestApi")
    assert permissions
    for permission in permissions:
        assert permission["Principal"] == "apigateway.amazonaws.com"
        assert f"${{{api}}}" in text(permission["SourceArn"])


def test_the_stage_is_logged_throttled_and_regional(templates: Mapping[str, Any]) -> None:
    [stage] = of_type(templates["api"], "AWS::ApiGateway::Stage").values()
    [api] = of_type(templates["api"], "AWS::ApiGateway::RestApi").values()
    [every_method] = stage["Properties"]["MethodSettings"]
    logged = json.loads(stage["Properties"]["AccessLogSetting"]["Format"])

    assert stage["Properties"]["StageName"] == "api"
    assert every_method["ThrottlingRateLimit"] == 200
    assert every_method["ThrottlingBurstLimit"] == 400
    assert every_method.get("DataTraceEnabled", False) is False
    assert api["Properties"]["EndpointConfiguration"] == {"Types": ["REGIONAL"]}
    assert api["Properties"]["MinimumCompressionSize"] == 1024
    assert not [value for value in logged.values() if "header" in value or "query" in value]


@pytest.mark.parametrize("answer", GATEWAY_ERRORS, ids=lambda each: str(each.kind.response_type))
def test_api_gateway_speaks_as_the_product_does(
    templates: Mapping[str, Any], answer: GatewayError
) -> None:
    [response] = [
        response["Properties"]
        for response in of_type(templates["api"], "AWS::ApiGateway::GatewayResponse").values()
        if response["Properties"]["ResponseType"] == answer.kind.response_type
    ]

    assert json.loads(response["ResponseTemplates"]["application/json"]) == body(
        answer.error.code, answer.message, answer.next_step, "$context.requestId"
    )
    if answer.status:
        assert response["StatusCode"] == str(answer.status) == str(int(STATUS[answer.error]))


def test_a_private_api_takes_calls_through_the_given_endpoints_and_no_others() -> None:
    template = made(ENTRIES)
    [(name, api)] = of_type(template, "AWS::ApiGateway::RestApi").items()
    [allowed, refused] = api["Properties"]["Policy"]["Statement"]

    place = {"Types": ["PRIVATE"], "VpcEndpointIds": ["vpce-0a", "vpce-0b"]}
    assert api["Properties"]["EndpointConfiguration"] == place
    assert (allowed["Effect"], refused["Effect"]) == ("Allow", "Deny")
    assert refused["Condition"] == {"StringNotEquals": {"aws:SourceVpce": ["vpce-0a", "vpce-0b"]}}
    assert allowed["Resource"] == refused["Resource"] == "execute-api:/*"
    region = "execute-api.${AWS::Region}.${AWS::URLSuffix}"
    assert origin_in(template) == f"https://${{{name}}}-vpce-0a.{region}"


def test_with_a_domain_paths_begin_as_they_do_without() -> None:
    template = made(NAMED)
    [(name, domain)] = of_type(template, "AWS::ApiGateway::DomainName").items()
    [mapped] = of_type(template, "AWS::ApiGateway::BasePathMapping").values()

    assert domain["Properties"]["EndpointConfiguration"] == {"Types": ["REGIONAL"]}
    assert domain["Properties"]["SecurityPolicy"] == "TLS_1_2"
    assert mapped["Properties"]["BasePath"] == STAGE
    assert origin_in(template) == "https://lisa.example.com"
    assert template["Outputs"]["Url"]["Value"] == "https://lisa.example.com/api/"
    leads = template["Outputs"]["DomainLeadsTo"]["Value"]
    assert leads == {"Fn::GetAtt": [name, "RegionalDomainName"]}


def test_people_come_back_from_sign_in_to_the_domain() -> None:
    [client] = of_type(made(NAMED), "AWS::Cognito::UserPoolClient").values()

    pages = f"https://lisa.example.com/api/{FOLDER}/index.html"
    assert client["Properties"]["CallbackURLs"] == [pages]


def test_a_private_api_has_its_domain_in_the_networks_of_its_endpoints_only() -> None:
    template = made({**ENTRIES, **NAMED})
    [(name, domain)] = of_type(template, "AWS::ApiGateway::DomainNameV2").items()
    [mapped] = of_type(template, "AWS::ApiGateway::BasePathMappingV2").values()
    through = of_type(template, "AWS::ApiGateway::DomainNameAccessAssociation").values()
    [api] = of_type(template, "AWS::ApiGateway::RestApi").values()

    assert domain["Properties"]["EndpointConfiguration"] == {"Types": ["PRIVATE"]}
    assert domain["Properties"]["Policy"] == api["Properties"]["Policy"]
    assert mapped["Properties"]["BasePath"] == STAGE
    assert mapped["Properties"]["DomainNameArn"] == {"Fn::GetAtt": [name, "DomainNameArn"]}
    entries = [each["Properties"]["AccessAssociationSource"] for each in through]
    assert entries == ["vpce-0a", "vpce-0b"]
    assert not of_type(template, "AWS::ApiGateway::DomainName")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"domain": "lisa.example.com"}, "need each other"),
        ({"certificate": NAMED["certificate"]}, "need each other"),
        ({"vpc_endpoints": ["vpce-0a"]}, "api.private: true"),
        ({"private": True}, "api.vpc_endpoints"),
    ],
)
def test_an_address_that_does_not_hold_together_is_refused(
    wrong: dict[str, Any], named: str
) -> None:
    with pytest.raises(ValidationError, match=named):
        DeploymentConfig.model_validate({"api": wrong})
