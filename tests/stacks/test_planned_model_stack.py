"""What is planned of a model's replicas, in the template that its stack is made from."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from lisa.adapters.cloudformation.wanted import Container, stack
from lisa.declared.model_stack import LIMITS, Site
from lisa.domain.hosting import EngineName, Hosting, HostKind, Scaling, Weights
from lisa.domain.planned_scaling import MOST_PLANNED, PlannedScale
from stacks.model_templates import synthesised

SITE: Final = Site(deployment="lisa-dev")
EVENING: Final = PlannedScale(at="20:05", timezone="Europe/Berlin", minimum=0, maximum=1)
HOURLY: Final = tuple(
    PlannedScale(at=f"{hour:02}:00", days=("monday", "sunday"), minimum=1, maximum=hour + 1)
    for hour in range(MOST_PLANNED)
)


@pytest.fixture(scope="module")
def template() -> str:
    return json.dumps(synthesised(validate=False)[EngineName.VLLM])


def asked(template: str, *planned: PlannedScale, replicas: int = 1) -> dict[str, Any]:
    """Return what CloudFormation is asked for to plan this."""
    hosting = Hosting(
        kind=HostKind.CLOUDFORMATION,
        engine=EngineName.VLLM,
        weights=Weights(source="Qwen/Qwen3-8B"),
        instance_type="g6.xlarge",
        scaling=Scaling(planned=planned),
    )
    container = Container(template, "vllm/vllm-openai", ["vllm", "serve"])
    return stack(SITE, "qwen", hosting, replicas, container)


def limits_of(wanted: dict[str, Any]) -> dict[str, Any]:
    resource: dict[str, Any] = json.loads(wanted["TemplateBody"])["Resources"][LIMITS]
    return resource


def test_a_plan_is_in_the_limits_of_replicas_with_its_zone(template: str) -> None:
    [action] = limits_of(asked(template, EVENING))["Properties"]["ScheduledActions"]

    name = action.pop("ScheduledActionName")
    assert name.isalnum()
    assert action == {
        "Schedule": "cron(5 20 ? * MON,TUE,WED,THU,FRI,SAT,SUN *)",
        "Timezone": "Europe/Berlin",
        "ScalableTargetAction": {"MinCapacity": 1, "MaxCapacity": 1},  # else nobody woke it
    }


def test_without_a_plan_and_for_a_stopped_model_there_is_none(template: str) -> None:
    for wanted in (asked(template), asked(template, EVENING, replicas=0)):
        limits = limits_of(wanted)
        assert "ScheduledActions" not in limits["Properties"]
        assert limits["Condition"] == "Runs"  # what is stopped has no limits that could be raised


def test_machines_suffice_for_the_most_that_is_planned(template: str) -> None:
    wanted = asked(template, *HOURLY)["Parameters"]
    values = {each["ParameterKey"]: each["ParameterValue"] for each in wanted}
    assert values["MaxInstances"] == str(2 * MOST_PLANNED)


def test_another_plan_is_another_stack(template: str) -> None:
    plans = ((), (EVENING,), HOURLY, HOURLY[:1])
    assert len({json.dumps(asked(template, *each)["Tags"]) for each in plans}) == len(plans)


def test_a_full_plan_passes_the_linter(template: str, tmp_path: Path) -> None:
    file = tmp_path / "model.template.json"
    file.write_text(asked(template, *HOURLY)["TemplateBody"])
    linter = Path(sys.executable).with_name("cfn-lint")
    linted = subprocess.run(
        [linter, "--non-zero-exit-code", "warning", "--", file],
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout
