import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from stacks.config import DeploymentConfig, read_config
from tests.stacks.conftest import WITH_INFERENCE
from tests.stacks.resources import of_type


def test_no_stack_pins_another_by_an_export(templates: Mapping[str, Any]) -> None:
    for template in templates.values():
        assert "Fn::ImportValue" not in json.dumps(template)
        assert not [out for out in template.get("Outputs", {}).values() if "Export" in out]


@pytest.mark.parametrize("region", [None, "eu-central-1", "us-gov-west-1", "cn-north-1"])
def test_no_partition_is_written_out(
    synthesise: Callable[[DeploymentConfig], dict[str, Any]], region: str | None
) -> None:
    everything = read_config(WITH_INFERENCE).model_copy(update={"region": region})
    for template in synthesise(everything).values():
        written = json.dumps(template).replace(everything.serve.certificate, "what was given")
        assert "arn:aws" not in written


def test_whatever_a_stack_looks_up_another_one_publishes(templates: Mapping[str, Any]) -> None:
    published = {
        resource["Properties"]["Name"]: stack
        for stack, template in templates.items()
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::SSM::Parameter"
    }
    looked_up = {
        (stack, parameter["Default"])
        for stack, template in templates.items()
        for parameter in template["Parameters"].values()
        if not parameter["Default"].startswith(("/cdk-bootstrap/", "/aws/service/"))
    }

    assert looked_up
    assert [(stack, name) for stack, name in looked_up if name not in published] == []
    assert [(stack, name) for stack, name in looked_up if published.get(name) == stack] == []


def test_tags_are_on_every_resource_that_can_bear_them(
    synthesise: Callable[[DeploymentConfig], dict[str, Any]],
) -> None:
    tagged = synthesise(DeploymentConfig(tags={"team": "platform"}))

    for table in of_type(tagged["data"], "AWS::DynamoDB::Table").values():
        assert {"Key": "team", "Value": "platform"} in table["Properties"]["Tags"]
