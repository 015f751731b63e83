"""The secrets between our own processes are replaced, by one function that can do nothing else."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from deployment.config.account import EncryptionConfig
from deployment.config.deployment import DeploymentConfig
from lisa.declared.doors import ROTATE
from stacks.acknowledged import acknowledged_in
from tests.stacks.complete import complete
from tests.stacks.resources import function_of, of_type, text

Synthesise = Callable[[DeploymentConfig], dict[str, Any]]
SCHEDULE = "AWS::SecretsManager::RotationSchedule"
BY_SECRETS_MANAGER = {
    "Action": "lambda:InvokeFunction",
    "Principal": "secretsmanager.amazonaws.com",
    "SourceAccount": {"Ref": "AWS::AccountId"},
}


def rotating_every(days: int) -> DeploymentConfig:
    chosen = EncryptionConfig(key="make", rotate_secrets_days=days)
    return complete().model_copy(update={"encryption": chosen})


def schedules(templates: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the properties of each schedule, by the secret's logical id."""
    return {
        text(each["Properties"]["SecretId"]): each["Properties"]
        for template in templates.values()
        for each in of_type(template, SCHEDULE).values()
    }


def test_every_secret_of_the_stacks_is_replaced_by_the_one_function(
    templates: Mapping[str, Any],
) -> None:
    made = {
        f"${{{name}}}"
        for template in templates.values()
        for name in of_type(template, "AWS::SecretsManager::Secret")
    }
    template, function = function_of(templates, ROTATE)
    found = schedules(templates)

    assert set(found) == made
    assert [each[2:-9] for each in sorted(made)] == ["LiteLLM", "Passes"]
    for each in found.values():
        assert each["RotationRules"] == {"AutomaticallyAfterDays": 90}
        called = template["Resources"][each["RotationLambdaARN"]["Fn::GetAtt"][0]]
        assert called["Properties"] == function


def test_secrets_manager_of_this_account_alone_calls_it_and_may_before_it_first_does(
    templates: Mapping[str, Any],
) -> None:
    template, _ = function_of(templates, ROTATE)
    [[name, allowed]] = [
        [name, each["Properties"]]
        for name, each in of_type(template, "AWS::Lambda::Permission").items()
        if "rotate" in text(each["Properties"]["FunctionName"])
    ]

    assert {key: allowed[key] for key in BY_SECRETS_MANAGER} == BY_SECRETS_MANAGER
    assert set(allowed) == {*BY_SECRETS_MANAGER, "FunctionName"}
    for schedule in of_type(template, SCHEDULE).values():
        assert name in schedule["DependsOn"]


@pytest.mark.parametrize("days", [0, 30])
def test_how_often_is_written_in_the_configuration(synthesise: Synthesise, days: int) -> None:
    templates = synthesise(rotating_every(days))
    found = schedules(templates).values()
    template, _ = function_of(templates, ROTATE)

    assert [each["RotationRules"]["AutomaticallyAfterDays"] for each in found] == [days] * 2 * (
        days > 0
    )
    assert len(of_type(template, "AWS::Lambda::Permission")) == (days > 0)
    left = [each.resource for each in acknowledged_in(rotating_every(days)) if "SMG4" in each.rule]
    assert left == ([] if days else ["LiteLLM", "Passes"])


@pytest.mark.parametrize("days", [-1, 366, 1.5])
def test_other_numbers_of_days_are_refused(days: float) -> None:
    with pytest.raises(ValueError, match="rotate_secrets_days"):
        EncryptionConfig.model_validate({"rotate_secrets_days": days})
