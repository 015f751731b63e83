"""The gateway as a function behind the control API: how it is called, what it may and is told."""

import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from deployment.config.deployment import DeploymentConfig
from deployment.config.reading import read_config
from lisa.bootstrap.serve_function import build
from lisa.declared.doors import DOORS, MODELS_DOOR
from lisa.declared.entry_points import CONTENT, Access, Touching
from lisa.declared.serve_function import SERVE_FUNCTION
from lisa.declared.services import SERVE
from lisa.gateway.surface import BY_PATH
from stacks.constructs.bundle_building import build_bundle
from stacks.constructs.sources import PRODUCTION
from tests.stacks.conftest import ROOT
from tests.stacks.resources import function_of, listed, of_type, statements_of, text
from tests.stacks.test_api import paths
from tests.stacks.test_bundles import MEGABYTE
from tests.stacks.test_functions import declared_permissions

IDLE = ROOT / "config" / "idle.yaml"
Synthesise = Callable[[DeploymentConfig], dict[str, Any]]


@pytest.fixture(scope="module")
def idle(synthesise: Synthesise) -> Mapping[str, Any]:
    return synthesise(read_config(IDLE))


def methods(api: Mapping[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """Return what leads to the gateway, by verb and path."""
    places = {name: path for path, name in paths(api).items()}
    found = {
        (each["HttpMethod"], places[each["ResourceId"]["Ref"]]): each
        for resource in of_type(api, "AWS::ApiGateway::Method").values()
        if (each := resource["Properties"])["ResourceId"].get("Ref") in places
    }
    return {
        (verb, path): each
        for (verb, path), each in found.items()
        if path.split("/")[1] in SERVE_FUNCTION.prefixes
    }


def wants(chosen: Mapping[str, Any]) -> DeploymentConfig:
    """Return the idle deployment with something else about its gateway."""
    config = read_config(IDLE)
    return config.model_copy(update={"serve": config.serve.model_copy(update=dict(chosen))})


def test_every_path_of_models_leads_to_the_function_and_no_door_has_the_same_prefix() -> None:
    served = {path.split("/")[1] for path in BY_PATH if not path.startswith("/health")}
    others = {prefix for door in DOORS for prefix in door.prefixes}

    assert served == {*SERVE_FUNCTION.prefixes}
    assert not served & others


def test_answers_are_streamed_for_as_long_as_a_function_lives(idle: Mapping[str, Any]) -> None:
    found = methods(idle["api"])
    _, function = function_of(idle, SERVE_FUNCTION)

    assert {path for _, path in found} == {
        place
        for prefix in SERVE_FUNCTION.prefixes
        for place in (f"/{prefix}", f"/{prefix}/{{proxy+}}")
    }
    for method in found.values():
        integration = method["Integration"]
        assert method["AuthorizationType"] == "CUSTOM"
        assert integration["ResponseTransferMode"] == "STREAM"
        assert integration["TimeoutInMillis"] == 1000 * function["Timeout"] == 900_000
        assert text(integration["Uri"]).endswith(
            ":lambda:path/2021-11-15/functions/${DoorServe}/response-streaming-invocations"
        )


def test_the_loop_of_our_own_takes_the_place_of_lambdas_and_lies_in_the_bundle(
    idle: Mapping[str, Any], tmp_path: Path
) -> None:
    _, function = function_of(idle, SERVE_FUNCTION)
    wrapper = function["Environment"]["Variables"]["AWS_LAMBDA_EXEC_WRAPPER"]
    build_bundle(SERVE_FUNCTION, PRODUCTION, tmp_path)
    program = tmp_path / Path(wrapper).relative_to("/var/task")

    assert program.stat().st_mode & stat.S_IXOTH
    assert "-m lambdas.serve.handler" in program.read_text()
    size = sum(file.stat().st_size for file in tmp_path.rglob("*") if file.is_file())
    assert size < 110 * MEGABYTE  # boto3 alone is 25


def test_without_streaming_an_answer_is_waited_for_as_a_whole(synthesise: Synthesise) -> None:
    templates = synthesise(wants({"streaming": False, "origins": ("https://chat.example.org",)}))
    _, function = function_of(templates, SERVE_FUNCTION)
    found = methods(templates["api"])

    assert function["Timeout"] == 29
    assert "AWS_LAMBDA_EXEC_WRAPPER" not in function["Environment"]["Variables"]
    assert not any("ResponseTransferMode" in each["Integration"] for each in found.values())
    asked = [each for (verb, _), each in found.items() if verb == "OPTIONS"]
    assert {each["AuthorizationType"] for each in asked} == {"NONE"}
    assert len(asked) == 2 * len(SERVE_FUNCTION.prefixes)


def test_it_may_do_what_the_gateway_declares_and_ask_no_stores(idle: Mapping[str, Any]) -> None:
    template, function = function_of(idle, SERVE_FUNCTION)
    role = function["Role"]["Fn::GetAtt"][0]
    log = f"${{{function['LoggingConfig']['LogGroup']['Ref']}.Arn}}"
    allowed = {
        (action, text(resource))
        for statement in statements_of(template, role)
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    }
    config = read_config(IDLE)
    tables = tuple(each for each in SERVE.tables if config.has(each[0].of))
    declared = set(declared_permissions(_declaring(tables)))
    own_logs = {("logs:CreateLogStream", log), ("logs:PutLogEvents", log)}

    assert {(action, _here(resource)) for action, resource in allowed - own_logs} == {
        (action, _here(resource)) for action, resource in declared
    }


def _declaring(tables: Any) -> Touching:
    return Touching(tables=tables, buckets=((CONTENT, Access.WRITE),), secrets=Access.READ)


def _here(resource: str) -> str:
    named = resource.replace("lisa/idle/", "lisa/dev/")
    return named.replace("eu-central-1", "${AWS::Region}")


def test_it_starts_with_what_the_stack_tells_it(
    idle: Mapping[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DEFAULT_REGION", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY"):
        monkeypatch.setenv(f"AWS_{name}", "eu-central-1")
    _, function = function_of(idle, SERVE_FUNCTION)
    told = {name: text(value) for name, value in function["Environment"]["Variables"].items()}
    told |= {"LISA_ISSUERS": "[]", "LISA_SERVE_JOURNAL": str(tmp_path)}

    made = build(told)
    assert made.settings.table_models == "${TableModels}"
    assert made.settings.serve_origins == ()


def test_there_is_no_network_no_balancer_and_no_container(idle: Mapping[str, Any]) -> None:
    kinds = {
        resource["Type"]
        for template in idle.values()
        for resource in template["Resources"].values()
    }
    services = {kind.split("::")[1] for kind in kinds}

    assert not services & {"EC2", "ECS", "ElasticLoadBalancingV2", "AutoScaling", "RDS"}
    assert not any(
        "VpcConfig" in function["Properties"]
        for template in idle.values()
        for function in of_type(template, "AWS::Lambda::Function").values()
    )


def test_the_door_of_models_knows_that_it_has_no_host_and_no_litellm(
    idle: Mapping[str, Any],
) -> None:
    _, function = function_of(idle, MODELS_DOOR)
    told = function["Environment"]["Variables"]

    assert told["LISA_SITE"] == "null"
    assert told["LISA_MACHINES"] == "{}"
    assert told["LISA_HAS_LITELLM"] == "False"


def test_pages_call_it_at_their_own_origin(idle: Mapping[str, Any]) -> None:
    web = idle["web"]
    policies = [
        text(copied["Properties"]["UserMetadata"]["content-security-policy"])
        for copied in of_type(web, "Custom::CDKBucketDeployment").values()
        if "UserMetadata" in copied["Properties"]
    ]

    assert "ApiOrigin" in web["Parameters"]  # what pages are told, in a file of their own
    assert [policy.count("connect-src 'self' https://${Bucket") for policy in policies] == [1]
    assert "ApiOrigin" not in "".join(policies)


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ({"serve": {"callers": ["10.0.0.0/8"]}}, "no use for callers"),
        ({"serve": {"domain": "x.example.org"}}, "no use for domain"),
        ({"knowledge": {"enabled": True}}, "knowledge.enabled: false"),
        ({"tracing": {"endpoint": "https://x.example.org"}}, "containers"),
        ({"api": {"private": True}}, "set api.vpc_endpoints"),
    ],
)
def test_what_it_can_have_no_part_in_is_refused(chosen: dict[str, Any], says: str) -> None:
    wanted: dict[str, Any] = {
        "serve": {"enabled": True, "launch": "function"},
        "knowledge": {"enabled": False},
    }
    for part, fields in chosen.items():
        wanted[part] = wanted.get(part, {}) | fields

    with pytest.raises(ValueError, match=says):
        DeploymentConfig.model_validate(wanted)
