"""Step Functions in this process: moto's interpreter, calling our own function for its tasks."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

import boto3
from moto import mock_aws
from moto.core.config import DefaultConfig

from lisa.adapters.stepfunctions.tasks import Tasks
from lisa.ports.workflows import RunState, RunStatus, Workflows
from lisa.workflows.definition import Workflow
from lisa.workflows.running import Attempts, Steps
from stacks.constructs.states import machine_of

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

REGION: Final = "eu-central-1"
ACCOUNT: Final = "123456789012"
FUNCTION: Final = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:workflows"
ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role/machine"
SETTINGS: Final[DefaultConfig] = {
    "stepfunctions": {"execute_state_machine": True},
    "lambda": {"use_docker": False},
}


class Sleeps:
    """Stands in for `time` where moto waits: it notes how long and goes on."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.seconds.append(seconds)


@contextmanager
def machines(
    steps: Steps, *workflows: Workflow
) -> Iterator[tuple["SFNClient", Mapping[str, str], Sleeps]]:
    """Create the workflows' machines; return a client, their ARNs and how long they waited."""
    sleeps, tasks = Sleeps(), Tasks(Attempts(steps))
    retrying = "moto.stepfunctions.parser.asl.component.common.retry.retrier_decl.time"
    invoking = "moto.awslambda_simple.models.LambdaSimpleBackend.invoke"
    with mock_aws(config=SETTINGS), patch(retrying, sleeps), patch(invoking, _function(tasks)):
        client = boto3.session.Session(region_name=REGION).client("stepfunctions")
        arns = {
            workflow.name: client.create_state_machine(
                name=workflow.name,
                definition=json.dumps(machine_of(workflow, FUNCTION)),
                roleArn=ROLE,
            )["stateMachineArn"]
            for workflow in workflows
        }
        yield client, arns, sleeps


async def ended(workflows: Workflows, run_id: str) -> RunState:
    """Wait until a run of the example is over; return how it ended."""
    state = await workflows.state("example", run_id)
    while state.status is RunStatus.RUNNING:
        await asyncio.sleep(0.01)
        state = await workflows.state("example", run_id)
    return state


def _function(tasks: Tasks) -> Any:
    def invoke(
        _: object, name: str, __: object, body: str, ___: object, told: dict[str, str]
    ) -> bytes:
        """Answer as Lambda does: an error by the name of its class."""
        assert name == FUNCTION
        try:
            answer: object = asyncio.run(tasks.do(json.loads(body)))
        except Exception as error:  # noqa: BLE001 - as the Lambda runtime does
            told["x-amz-function-error"] = "Unhandled"
            answer = {"errorType": type(error).__name__, "errorMessage": str(error)}
        return json.dumps(answer).encode()

    return invoke
