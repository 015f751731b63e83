"""Runs that a worker on the same database carries out."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, Final, TypeVar

from dbos import DBOSClient, EnqueueOptions, WorkflowStatus
from dbos import error as refused
from sqlalchemy.exc import SQLAlchemyError

from lisa.adapters.dbos.settings import APPLICATION, CARRY_OUT, QUEUE, VERSION
from lisa.domain.errors import NotFound, Unavailable
from lisa.ports.workflows import RunState, RunStatus
from lisa.workflows.definition import Workflow
from lisa.workflows.running import Failure, first_state

THREADS: Final = 4
ANSWER_SECONDS: Final = 20
FORGOTTEN_AT_ONCE: Final = 100
UNDER_WAY: Final = ("ENQUEUED", "DELAYED", "PENDING")
T = TypeVar("T")


class DbosWorkflows:
    """Leaves work to the worker and reads how it goes."""

    def __init__(self, url: str, workflows: Mapping[str, Workflow]) -> None:
        """Know the workflows; connect at the first call."""
        self._workflows = workflows
        self._client = DBOSClient(
            system_database_url=url,
            system_database_pool_size=THREADS,
            application_name=APPLICATION,
            lazy=True,
            retry_connection_errors=False,
        )
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="runs")

    async def start(self, workflow: str, run_id: str, state: Mapping[str, Any]) -> None:
        """Begin a run; where one of this id was begun before, do nothing."""
        options: EnqueueOptions = {
            "workflow_name": CARRY_OUT,
            "queue_name": QUEUE,
            "workflow_id": _id(workflow, run_id),
            "app_version": VERSION,
        }
        first = first_state(workflow, run_id, state)
        definition = self._workflows[workflow]
        await self._done(lambda: self._client.enqueue(options, definition, first))

    async def state(self, workflow: str, run_id: str) -> RunState:
        """Tell how a run goes."""
        run = _id(workflow, run_id)
        return _told(await self._done(lambda: self._client.retrieve_workflow(run).get_status()))

    async def stop(self, workflow: str, run_id: str) -> None:
        """Let no further step begin."""
        if (await self.state(workflow, run_id)).status is RunStatus.RUNNING:
            run = _id(workflow, run_id)
            await self._done(lambda: self._client.cancel_workflow(run))

    async def forget_ended(self, before: datetime) -> None:
        """Forget the first of those that were over by then."""
        ended = await self._done(
            lambda: self._client.list_workflows(
                completed_before=before.isoformat(),
                limit=FORGOTTEN_AT_ONCE,
                load_input=False,
                load_output=False,
            )
        )
        runs = [each.workflow_id for each in ended]
        if runs:
            await self._done(lambda: self._client.delete_workflows(runs))

    async def close(self) -> None:
        """Let go of the connections."""
        await asyncio.to_thread(self._client.destroy)
        self._threads.shutdown(wait=False)

    async def _done(self, work: Callable[[], T]) -> T:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except refused.DBOSNonExistentWorkflowError as error:
            raise NotFound("there is no such run", code="run_not_found") from error
        except (refused.DBOSException, SQLAlchemyError, TimeoutError) as error:
            raise Unavailable(
                "the database of runs can't answer now", next_step="try again in a moment"
            ) from error


def _id(workflow: str, run_id: str) -> str:
    return f"{workflow}/{run_id}"


def _told(run: WorkflowStatus) -> RunState:
    if run.status in UNDER_WAY:
        return RunState(RunStatus.RUNNING)
    if run.status == "CANCELLED":
        return RunState(RunStatus.STOPPED)
    if isinstance(run.output, Failure):
        failure = run.output
        return RunState(RunStatus.FAILED, failure.step, failure.cause, failure.next_step)
    if run.status == "SUCCESS":
        return RunState(RunStatus.DONE)
    return RunState(RunStatus.FAILED, cause=f"the run broke: {run.error!r}")
