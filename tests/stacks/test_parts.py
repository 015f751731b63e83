"""Each part of a deployment stands alone, and stands only on what comes before it."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from pydantic import ValidationError

from deployment.config.deployment import DeploymentConfig
from deployment.config.reading import read_config
from lisa.bootstrap.serve import settings_of
from lisa.declared.doors import DOORS
from lisa.declared.entry_points import BUCKETS
from lisa.declared.parts import Part
from lisa.declared.services import SERVE, SERVICES
from lisa.declared.tables import TABLES
from stacks.constructs.sources import module_of
from tests.stacks.conftest import WITH_INFERENCE, templates_in
from tests.stacks.resources import of_type, statements_of, text

Assemble = Callable[[DeploymentConfig], Path]
Synthesise = Callable[[DeploymentConfig], dict[str, Any]]

EVERYTHING: Final = read_config(WITH_INFERENCE)
RETURNING: Final = {"cognito": {"callback_urls": ["https://tool.example.com/"]}}
NO_PAGES: Final = {"web": {"enabled": False}, "identity": RETURNING}
INFERENCE: Final = {"serve": EVERYTHING.serve.model_dump()}
NO_CHAT: Final = {"chat": {"enabled": False}, **NO_PAGES}
NO_KNOWLEDGE: Final = {"knowledge": {"enabled": False}}
OPEN_ADDRESS: Final = {"api": {"private": True}}
SERVE_ALONE: Final = DeploymentConfig.model_validate(
    {**INFERENCE, **NO_CHAT, **NO_KNOWLEDGE, **OPEN_ADDRESS}
)
KNOWLEDGE_WITHOUT_CHAT: Final = DeploymentConfig.model_validate({**INFERENCE, **NO_CHAT})
CHAT_ELSEWHERE: Final = DeploymentConfig.model_validate(
    {"web": {"gateway": "https://inference.example.com"}}
)
CHOICES: Final = {
    "everything": EVERYTHING,
    "serve alone": SERVE_ALONE,
    "knowledge without chat": KNOWLEDGE_WITHOUT_CHAT,
    "chat with a gateway elsewhere": CHAT_ELSEWHERE,
}
each_choice: Final = pytest.mark.parametrize("config", CHOICES.values(), ids=CHOICES)


def below(folder: Path) -> dict[str, set[str]]:
    """Return the stacks that are deployed before each stack, whatever else is going on."""
    artifacts = json.loads((folder / "manifest.json").read_text())["artifacts"]
    stacks = {
        name: set(artifact.get("dependencies", ()))
        for name, artifact in artifacts.items()
        if artifact["type"] == "aws:cloudformation:stack"
    }

    def all_below(name: str) -> set[str]:
        direct = stacks[name] & set(stacks)
        return direct.union(*map(all_below, direct))

    return {part_of(name): set(map(part_of, all_below(name))) for name in stacks}


def part_of(stack: str) -> str:
    return stack.rsplit("-", 1)[-1]


def published(templates: Mapping[str, Any]) -> dict[str, str]:
    """Return which stack publishes what."""
    return {
        parameter["Properties"]["Name"]: stack
        for stack, template in templates.items()
        for parameter in of_type(template, "AWS::SSM::Parameter").values()
    }


def looked_up(template: Mapping[str, Any]) -> set[str]:
    names = {parameter["Default"] for parameter in template["Parameters"].values()}
    return {name for name in names if not name.startswith(("/cdk-bootstrap/", "/aws/service/"))}


def published_names(templates: Mapping[str, Any], kind: str) -> set[str]:
    begin = f"/lisa/dev/{kind}/"
    return {name.removeprefix(begin) for name in published(templates) if name.startswith(begin)}


@each_choice
def test_whatever_a_stack_looks_up_is_published_by_one_that_comes_before(
    assemble: Assemble, config: DeploymentConfig
) -> None:
    folder = assemble(config)
    templates, earlier = templates_in(folder), below(folder)
    by_whom = published(templates)

    for stack, template in templates.items():
        for name in looked_up(template):
            assert by_whom.get(name) in earlier[stack], f"{stack} asks for {name}"


@each_choice
def test_no_stack_pins_another_by_an_export(
    synthesise: Synthesise, config: DeploymentConfig
) -> None:
    for template in synthesise(config).values():
        assert "Fn::ImportValue" not in json.dumps(template)
        assert not [out for out in template.get("Outputs", {}).values() if "Export" in out]


@each_choice
def test_tables_buckets_and_functions_are_those_of_the_parts_there_are(
    synthesise: Synthesise, config: DeploymentConfig
) -> None:
    templates = synthesise(config)
    handlers = {
        function["Properties"]["Handler"]
        for template in templates.values()
        for function in of_type(template, "AWS::Lambda::Function").values()
    }

    assert published_names(templates, "table") == {
        table.name for table in TABLES if config.has(table.of)
    }
    assert published_names(templates, "bucket") == {
        bucket.name for bucket in BUCKETS if any(map(config.has, bucket.of))
    }
    for door in DOORS:
        assert (f"{module_of(door)}.handle" in handlers) is config.has(door.of)
    clusters = [of_type(template, "AWS::ECS::Service") for template in templates.values()]
    assert sum(map(len, clusters)) == len([each for each in SERVICES if config.has(each.of)])


def test_serve_alone_leaves_out_every_stack_of_chat_and_knowledge(synthesise: Synthesise) -> None:
    templates = synthesise(SERVE_ALONE)

    assert {"data", "identity", "network", "admin", "models", "api", "litellm", "lifecycle"} | {
        "serve"
    } <= set(templates)
    assert not {"sessions", "tools", "ingest", "repository", "stores", "web"} & set(templates)
    assert not [
        queue for template in templates.values() for queue in of_type(template, "AWS::SQS::Queue")
    ]


def test_a_gateway_alone_is_told_of_no_table_of_chat_and_may_touch_none(
    synthesise: Synthesise,
) -> None:
    serve = synthesise(SERVE_ALONE)["serve"]
    [task] = of_type(serve, "AWS::ECS::TaskDefinition").values()
    [container] = task["Properties"]["ContainerDefinitions"]
    told = {each["Name"]: each["Value"] for each in container["Environment"]}
    role = task["Properties"]["TaskRoleArn"]["Fn::GetAtt"][0]
    tables = [
        statement["Sid"] for statement in statements_of(serve, role) if "Table" in statement["Sid"]
    ]

    known = {name: value for name, value in told.items() if isinstance(value, str)}
    filled_in = {name: "lisa" for name in told.keys() - known.keys() if "_TABLE_" in name}
    settings = settings_of(known | filled_in)
    assert settings.serve_chat == "off"
    assert told["LISA_SERVE_METRICS"] == f"LISA/{SERVE_ALONE.full_name}"
    assert not settings.table_sessions + settings.bucket_content
    assert settings.passes_secret is None
    assert len(tables) == len([table for table, _ in SERVE.tables if SERVE_ALONE.has(table.of)])
    assert not [sid for sid in tables if "Sessions" in sid or "Rag" in sid]


def test_chat_needs_no_network_and_its_pages_call_the_gateway_elsewhere(
    synthesise: Synthesise,
) -> None:
    templates = synthesise(CHAT_ELSEWHERE)

    assert not {"network", "serve", "litellm", "lifecycle", "ingest", "stores"} & set(templates)
    for template in templates.values():
        for function in of_type(template, "AWS::Lambda::Function").values():
            assert "VpcConfig" not in function["Properties"]
    told = json.dumps(templates["web"])
    assert "https://inference.example.com" in told


def test_a_private_api_is_called_through_the_endpoint_of_the_network_only(
    synthesise: Synthesise,
) -> None:
    templates = synthesise(SERVE_ALONE)
    [api] = of_type(templates["api"], "AWS::ApiGateway::RestApi").values()
    [entry] = [
        found["Properties"]
        for found in of_type(templates["network"], "AWS::EC2::VPCEndpoint").values()
        if text(found["Properties"]["ServiceName"]).endswith(".execute-api")
    ]

    assert entry["PrivateDnsEnabled"] is True
    place = api["Properties"]["EndpointConfiguration"]
    assert place == {"Types": ["PRIVATE"], "VpcEndpointIds": [{"Ref": "NetworkApiEndpoint"}]}
    assert published(templates)["/lisa/dev/network/api-endpoint"] == "network"


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"chat": {"enabled": False}}, "web.enabled: false"),
        ({"api": {"private": True}}, "api.vpc_endpoints"),
    ],
)
def test_parts_that_would_lead_nowhere_are_refused(wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        DeploymentConfig.model_validate(wrong)


def test_what_is_of_no_part_is_in_every_deployment() -> None:
    least = DeploymentConfig.model_validate({**NO_CHAT, **NO_KNOWLEDGE})

    assert least.has(None)
    assert not [part for part in Part if least.has(part)]
