"""What was promised of the shape of a deployment: five parts, each apart from the others."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import pytest

from deployment.config.deployment import DeploymentConfig
from lisa.declared.doors import DOORS
from lisa.declared.entry_points import Service
from lisa.declared.services import INGEST_TASK, LITELLM, SERVE
from stacks.constructs.encryption import KEPT_WITH, LASTING
from stacks.constructs.sources import module_of
from tests.stacks.conftest import ROOT
from tests.stacks.resources import of_type
from tests.stacks.test_parts import CHAT_ELSEWHERE, SERVE_ALONE

Synthesise = Callable[[DeploymentConfig], dict[str, Any]]
# Each part, the stacks that are its own, and the doors that answer for it.
FIVE: Final[dict[str, tuple[set[str], set[str]]]] = {
    "Serve": ({"serve", "litellm"}, set()),
    "Chat API": ({"sessions", "tools"}, {"sessions", "tools"}),
    "pages": ({"web"}, set()),
    "RAG": ({"repository", "ingest", "stores"}, {"repository", "ingest", "pipelines", "stores"}),
    "models": ({"models", "lifecycle"}, {"models", "workflows", "watch", "wake"}),
}
CHAT: Final = CHAT_ELSEWHERE.model_copy(update={"name": "talk"})
# Names within something else; every other is one of an account's region, or of the world.
WITHIN: Final = {
    ("AWS::ApiGateway::Authorizer", "Name"),
    ("AWS::ApiGateway::Stage", "StageName"),
    ("AWS::CloudWatch::Alarm", "MetricName"),
    ("AWS::Cognito::UserPoolGroup", "GroupName"),
    ("AWS::Cognito::UserPoolResourceServer", "Name"),
    ("AWS::IAM::Policy", "PolicyName"),
}


@pytest.mark.parametrize("part", FIVE)
def test_each_of_five_parts_has_stacks_and_doors_of_its_own(
    templates: Mapping[str, Any], part: str
) -> None:
    stacks, doors = FIVE[part]
    handlers = {f"{module_of(door)}.handle" for door in DOORS if door.name in doors}
    found = {
        function["Properties"]["Handler"]
        for name in stacks
        for function in of_type(templates[name], "AWS::Lambda::Function").values()
    }

    assert stacks <= set(templates)
    assert len(handlers) == len(doors)
    assert handlers <= found
    for other in FIVE.keys() - {part}:
        assert not FIVE[other][0] & stacks


@pytest.mark.parametrize("service", [SERVE, LITELLM, INGEST_TASK], ids=lambda each: each.name)
def test_what_runs_all_the_time_is_asked_how_it_is(
    templates: Mapping[str, Any], service: Service
) -> None:
    stack = templates[service.name]
    [task] = of_type(stack, "AWS::ECS::TaskDefinition").values()
    targets = of_type(stack, "AWS::ElasticLoadBalancingV2::TargetGroup").values()

    assert all("HealthCheck" in each for each in task["Properties"]["ContainerDefinitions"])
    asked = [target["Properties"]["HealthCheckPath"] for target in targets]
    assert asked == ([service.health_path] if service.port else [])


def named(templates: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what every resource that has a name is called, as far as the template says."""
    for template in templates.values():
        for resource in template["Resources"].values():
            kind = resource["Type"]
            for key, value in resource.get("Properties", {}).items():
                is_name = key.endswith(("Name", "Domain")) and (kind, key) not in WITHIN
                if is_name and isinstance(value, str):
                    yield kind, value


def test_chat_and_inference_are_two_deployments_that_share_nothing(synthesise: Synthesise) -> None:
    serve, chat = synthesise(SERVE_ALONE), synthesise(CHAT)
    theirs, ours = set(named(serve)), set(named(chat))

    assert {kind for kind, _ in theirs} >= {"AWS::Lambda::Function", "AWS::SSM::Parameter"}
    assert theirs & ours == set()
    assert "/lisa/dev/" not in json.dumps(chat)
    assert "/talk/dev/" not in json.dumps(serve)


def test_the_page_of_accounts_names_each_service_that_a_key_must_let_in() -> None:
    page = (ROOT / "docs" / "operations" / "account.md").read_text()
    used, granted = re.findall(r"(?:it through|grants for) ((?:`\w+`(?:,| and)?\s*)+)", page)

    assert re.findall(r"`(\w+)`", used) == [*KEPT_WITH]
    assert re.findall(r"`(\w+)`", granted) == [*LASTING]
