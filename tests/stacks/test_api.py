import json
from collections.abc import Mapping
from typing import Any

import pytest

from lisa.declared.doors import AUTHORIZER, DOORS
from lisa.declared.entry_points import Door
from lisa.domain.statuses import STATUS
from lisa.http.errors import body
from stacks.constructs.gateway_errors import GATEWAY_ERRORS, GatewayError
from stacks.constructs.pages_route import FOLDER
from tests.stacks.resources import function_of, of_type, text

serving_doors = pytest.mark.parametrize(
    "door", [door for door in DOORS if door.prefixes], ids=lambda door: str(door.name)
)


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
