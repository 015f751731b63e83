"""Runs that AWS Step Functions carries out."""

import asyncio
import json
import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from lisa.adapters.stepfunctions.tasks import failure_in
from lisa.domain.errors import NotFound, Unavailable
from lisa.ports.workflows import RunState, RunStatus
from lisa.workflows.running import first_state

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

THREADS: Final = 4
STATUSES: Final = {
    "RUNNING": RunStatus.RUNNING,
    "PENDING_REDRIVE": RunStatus.RUNNING,
    "SUCCEEDED": RunStatus.DONE,
    "ABORTED": RunStatus.STOPPED,
}
BEGUN_BEFORE: Final = "ExecutionAlreadyExists"
log = logging.getLogger("lisa.aws")  # callers aren't told why


def make_client() -> "SFNClient":
    """Make a client that doesn't wait long. It may repeat a call: each is idempotent."""
    config = Config(
        connect_timeout=3,
        read_timeout=10,
        max_pool_connections=THREADS,
        retries={"mode": "standard", "total_max_attempts": 3},
    )
    return boto3.session.Session().client("stepfunctions", config=config)


class StepFunctionsWorkflows:
    """Starts executions of the deployed state machines."""

    def __init__(self, client: "SFNClient", machines: Mapping[str, str]) -> None:
        """Know each workflow's machine by its ARN."""
        self._client = client
        self._machines = machines
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="stepfunctions")

    async def start(self, workflow: str, run_id: str, state: Mapping[str, Any]) -> None:
        """Begin a run; where one of this id was begun before, do nothing."""
        given = {"state": first_state(workflow, run_id, state), "begun": {}, "failure": {}}
        try:
            await self._call(
                "start_execution",
                stateMachineArn=self._machines[workflow],
                name=run_id,
                input=json.dumps(given),
            )
        except ClientError as error:
            if _code(error) != BEGUN_BEFORE:
                raise _unavailable(error) from error

    async def state(self, workflow: str, run_id: str) -> RunState:
        """Tell how a run goes."""
        run = self._execution(workflow, run_id)
        try:
            told = await self._call("describe_execution", executionArn=run)
        except ClientError as error:
            raise _refusal(error) from error
        if told["status"] in STATUSES:
            return RunState(STATUSES[told["status"]])
        return _failed(told.get("error", told["status"]), told.get("cause", ""))

    async def stop(self, workflow: str, run_id: str) -> None:
        """Let no further step begin."""
        if (await self.state(workflow, run_id)).status is not RunStatus.RUNNING:
            return
        try:
            await self._call("stop_execution", executionArn=self._execution(workflow, run_id))
        except ClientError as error:
            raise _refusal(error) from error

    def _execution(self, workflow: str, run_id: str) -> str:
        return f"{self._machines[workflow].replace(':stateMachine:', ':execution:')}:{run_id}"

    async def _call(self, operation: str, **arguments: object) -> Mapping[str, Any]:
        call = partial(getattr(self._client, operation), **arguments)
        try:
            answer: Mapping[str, Any]
            answer = await asyncio.get_running_loop().run_in_executor(self._threads, call)
        except BotoCoreError as error:
            raise _unavailable(error) from error
        return answer


def _failed(error: str, cause: str) -> RunState:
    try:
        failure = failure_in(json.loads(cause))
    except (ValueError, KeyError, TypeError):
        words = f"Step Functions ended the run: {error} {cause}".strip()
        return RunState(RunStatus.FAILED, cause=words)
    return RunState(RunStatus.FAILED, failure.step, failure.cause, failure.next_step)


def _refusal(error: ClientError) -> NotFound | Unavailable:
    if _code(error) == "ExecutionDoesNotExist":
        return NotFound("there is no such run", code="run_not_found")
    return _unavailable(error)


def _unavailable(cause: Exception) -> Unavailable:
    log.warning("Step Functions can't be used: %s", cause)
    return Unavailable("Step Functions can't answer now", next_step="try again in a moment")


def _code(error: ClientError) -> str:
    return error.response["Error"].get("Code", "")
