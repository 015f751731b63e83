"""A workflow as a state machine: what it may do, what it tells, and what it refuses."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_lambda as lambda_

from deployment.config.reading import read_config
from lisa.domain.errors import Invalid
from stacks.constructs.state_machine import StateMachine
from tests.stacks.conftest import WITH_INFERENCE
from tests.stacks.resources import listed, of_type, statements_of, text
from tests.stacks.test_validators import IGNORED_BY_CFN_LINT
from tests.workflows.example import EXAMPLE


def template(folder: Path, function_seconds: int = 90) -> dict[str, Any]:
    """Synthesise a stack that has only the example's machine and its function."""
    app = cdk.App(
        outdir=str(folder), analytics_reporting=False, builtin_cloud_formation_validation=False
    )
    stack = cdk.Stack(app, "machines")
    function = lambda_.Function(
        stack,
        "Function",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handle",
        code=lambda_.Code.from_inline("def handle(event, context): return event"),
        timeout=cdk.Duration.seconds(function_seconds),
    )
    StateMachine(stack, read_config(WITH_INFERENCE), EXAMPLE, function)
    app.synth()
    return dict(json.loads((folder / "machines.template.json").read_text()))


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return template(tmp_path_factory.mktemp("machines"))


def test_the_machine_logs_every_step_but_no_data(machines: dict[str, Any]) -> None:
    [machine] = of_type(machines, "AWS::StepFunctions::StateMachine").values()
    logging = machine["Properties"]["LoggingConfiguration"]
    assert (logging["Level"], logging["IncludeExecutionData"]) == ("ALL", False)


def test_the_machine_may_call_its_function_log_and_be_traced(machines: dict[str, Any]) -> None:
    [role] = [name for name in of_type(machines, "AWS::IAM::Role") if "Workflow" in name]
    allowed = {
        (action, text(resource))
        for statement in statements_of(machines, role)
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
        if not action.startswith(("logs:", "xray:"))
    }
    [function] = of_type(machines, "AWS::Lambda::Function")
    assert allowed == {("lambda:InvokeFunction", f"${{{function}.Arn}}")}


@pytest.mark.slow
def test_cfn_lint_finds_nothing_wrong_with_the_machine(
    machines: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "machines.json"
    file.write_text(json.dumps(machines))
    done = subprocess.run(
        [
            Path(sys.executable).with_name("cfn-lint"),
            "--ignore-checks",
            IGNORED_BY_CFN_LINT,
            "--",
            file,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == ""


def test_a_function_that_ends_before_its_longest_step_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="lives for 90 seconds, not 89"):
        template(tmp_path, function_seconds=89)
